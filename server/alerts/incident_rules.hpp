#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/alert_rule.hpp"
#include "domain/security_event.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace breakwater::alerts {

/// What a rule counts together: incidents of one kind about one subject, which is a network, an account, a
/// device, or all sign-ins. An incident is one denial.
struct incident_key {
    incident_kind kind = incident_kind::refused_logins;
    std::string subject;
    std::optional<device_id> device{}; ///< set if the subject is a device

    friend bool operator==(const incident_key&, const incident_key&) = default;
};

/// The account or device that somebody attacked, and the attacker's network. Both are digests, and neither is
/// 0.
struct affected_target {
    std::uint64_t id = 0;
    std::uint64_t network = 0;

    friend bool operator==(const affected_target&, const affected_target&) = default;
};

struct detected_incident {
    incident_key key;
    std::optional<affected_target> target{}; ///< empty if this kind of incident names no targets

    friend bool operator==(const detected_incident&, const detected_incident&) = default;
};

/// The keys under which the event counts as an incident. Empty if no rule counts such events, or if the event
/// is simulated.
[[nodiscard]] std::vector<detected_incident> incidents_of(const security_event& event);
/// If `event` is a successful sign-in: the key and target that no longer count (`incident_rules::pardon`),
/// because the person only mistyped the password before. Empty for other events.
[[nodiscard]] std::optional<detected_incident> pardoned_by(const security_event& event);

struct incident_transition {
    const alert_rule& rule;
    const incident_key& key;
    std::int64_t count;     ///< incidents since the last transition
    std::size_t targets;    ///< distinct targets within the rule's window; a lower bound if `truncated`
    std::size_t networks;   ///< distinct networks from which these targets were attacked
    bool truncated = false; ///< there were more targets than the rule keeps
};

/// The rules on incidents, and the counts of each rule. Their memory is bounded even if an attacker varies
/// the subjects. A rule keeps at most `max_subjects` subjects and `max_targets` targets, 24 bytes for each
/// target. For one subject it keeps at most twice the rule's `count` of targets. A rule that doesn't count
/// targets keeps `max_reported_targets`. If there are too many subjects, it forgets half of those that were
/// never reported: the ones with the fewest targets, and of equal ones those with the fewest incidents.
/// Subjects that were already reported stay. So an attacker who adds subjects can hide only subjects with few
/// incidents. Not thread-safe.
class incident_rules {
public:
    using transition_handler = std::function<void(const incident_transition&)>;
    /// The minimum time between two transitions of the same rule and subject. The second one counts all
    /// incidents since the first.
    static constexpr std::chrono::seconds repeat_interval{60};
    static constexpr std::size_t max_subjects = 4096;
    static constexpr std::size_t max_targets = 131'072;
    /// Targets that a rule keeps for a subject if it only reports their number and does not count them.
    static constexpr std::size_t max_reported_targets = 32;

    /// Replaces all rules; skips rules that are disabled or not about incidents. A rule keeps its counts if
    /// it raises the same alerts as before (`raises_same_alerts`).
    void replace(const std::vector<alert_rule>& rules);
    /// Counts `count` incidents with these targets. `device_kind` is the category of the incident's device,
    /// if it has one. Returns false if a rule could not count them, because all its subjects were reported
    /// already.
    bool record(const incident_key& incident, std::int64_t count, std::span<const affected_target> targets,
                std::optional<category> device_kind, steady_point now,
                const transition_handler& on_transition);
    /// Stops counting the target if its last incident came from the network in `target` (`pardoned_by`).
    void pardon(const incident_key& incident, const affected_target& target);
    /// A person resolved the alert: the rule's count for this subject begins again.
    void resolve(rule_id rule, const incident_key& incident);
    /// Call about once a second. Reports the incidents since a subject's last report, at most once in
    /// `repeat_interval`. Forgets incidents that are older than the rule's window.
    void tick(steady_point now, const transition_handler& on_transition);
    [[nodiscard]] bool empty() const noexcept { return rules_.empty(); }

private:
    struct seen_target {
        affected_target target;
        steady_point at;
    };
    struct tally {
        incident_key key;
        /// The window in parts: the time when each part begins, and its number of incidents.
        std::deque<std::pair<steady_point, std::int64_t>> recent;
        std::vector<seen_target> targets; ///< within the window, the latest last
        bool truncated = false;           ///< older targets were dropped for newer ones
        std::int64_t in_window = 0;       ///< incidents within the window
        std::int64_t unreported = 0;      ///< incidents since the last report
        std::optional<steady_point> reported_at{};
    };
    using tallies = std::unordered_map<std::string, tally>;
    struct rule_state {
        alert_rule rule;
        tallies by_subject;
    };
    /// Forgets half of the subjects that were never reported. False if there are none.
    static bool make_room(tallies& subjects);
    static void record_target(tally& counts, const affected_target& target, std::size_t limit,
                              steady_point now);
    static void forget_old(tally& counts, std::chrono::seconds within, steady_point now);
    static void notify_if_due(const alert_rule& rule, tally& counts, steady_point now,
                              const transition_handler& on_transition);

    std::vector<rule_state> rules_;
};

} // namespace breakwater::alerts

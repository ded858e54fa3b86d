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

/// What an event of the audit log is an incident of, and whose: an address, an account, a device, or
/// everybody's.
struct incident {
    incident_kind kind = incident_kind::refused_logins;
    std::string subject;
    std::optional<device_id> device{};

    friend bool operator==(const incident&, const incident&) = default;
};

/// What it was done to, and from where: digests, neither of them 0.
struct affected_thing {
    std::uint64_t what = 0;
    std::uint64_t from = 0;

    friend bool operator==(const affected_thing&, const affected_thing&) = default;
};

struct found_incident {
    incident is;
    std::optional<affected_thing> of{}; ///< none where it is of no matter

    friend bool operator==(const found_incident&, const found_incident&) = default;
};

/// None where it is nothing that rules are about, or was only staged.
[[nodiscard]] std::vector<found_incident> incidents_of(const security_event& event);
/// What is none any longer: whoever signs in now had mistyped the password before, if it was from there.
[[nodiscard]] std::optional<found_incident> pardoned_by(const security_event& event);

struct incident_turn {
    const alert_rule& rule;
    const incident& what;
    std::int64_t count;    ///< incidents since it was last told
    std::size_t things;    ///< distinct ones within the time of the rule
    std::size_t places;    ///< that they came from
    bool and_more = false; ///< more things than are kept
};

/// The rules on what the audit log tells, and what was counted for each. Bounded, whoever varies what they
/// do: of a rule at most `most_subjects` and `most_things` at a time, 24 bytes each thing. Where there are
/// more subjects, those with the least are forgotten, so whoever brings new ones without end hides himself
/// alone. Not for two threads.
class incident_rules {
public:
    using tell = std::function<void(const incident_turn&)>;
    /// Once told, the same is told again after this at the earliest, with all that came meanwhile.
    static constexpr std::chrono::seconds quiet{60};
    static constexpr std::size_t most_subjects = 4096;
    static constexpr std::size_t most_things = 131'072;
    /// Of one subject, where the things don't decide but are told.
    static constexpr std::size_t most_told_things = 32;

    /// Takes the place of the rules before; those that are disabled or not about incidents are left out. A
    /// rule that watches the same keeps what it counted.
    void replace(const std::vector<alert_rule>& rules);
    /// `count` incidents, of those things. `device_kind`: of the incident's device, where it has one. False
    /// where there was no room to count it.
    bool take(const incident& what, std::int64_t count, std::span<const affected_thing> of,
              std::optional<category> device_kind, steady_point now, const tell& told);
    /// Doesn't count that thing any longer, where it was from there that it was affected last.
    void pardon(const incident& what, const affected_thing& which);
    /// A person said that it is over: it is counted anew.
    void settle(rule_id rule, const incident& what);
    /// Now and then: tells what came while it was quiet, and forgets what is long past.
    void tick(steady_point now, const tell& told);
    [[nodiscard]] bool empty() const noexcept { return rules_.empty(); }

private:
    struct seen_thing {
        affected_thing is;
        steady_point at;
    };
    struct tally {
        incident what;
        std::deque<std::pair<steady_point, std::int64_t>> recent; ///< a part of the window each
        std::vector<seen_thing> things;                           ///< within the window, the latest last
        bool and_more = false;                                    ///< some were put out for others
        std::int64_t in_window = 0;
        std::int64_t untold = 0;
        std::optional<steady_point> told_at{};
    };
    using tallies = std::unordered_map<std::string, tally>;
    struct watched {
        alert_rule rule;
        tallies of_subject;
    };
    static bool make_room(tallies& in);
    static void see(tally& of, const affected_thing& what, std::size_t most, steady_point now);
    static void forget_old(tally& of, std::chrono::seconds within, steady_point now);
    static void tell_if_due(const alert_rule& rule, tally& of, steady_point now, const tell& told);

    std::vector<watched> rules_;
};

} // namespace breakwater::alerts

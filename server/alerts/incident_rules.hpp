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
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace breakwater::alerts {

/// What an event of the audit log is an incident of, and whose: an address, an account or a device.
struct incident {
    incident_kind kind = incident_kind::refused_logins;
    std::string subject;
    std::optional<device_id> device{};

    friend bool operator==(const incident&, const incident&) = default;
};

/// Nothing where it is none that rules are about, or was only staged.
[[nodiscard]] std::optional<incident> incident_of(const security_event& event);

struct incident_turn {
    const alert_rule& rule;
    const incident& what;
    std::int64_t count; ///< incidents since it was last told
};

/// The rules on what the audit log tells, and what was counted for each. Bounded, whoever varies what they
/// do. Not for two threads.
class incident_rules {
public:
    using tell = std::function<void(const incident_turn&)>;
    /// Once told, the same is told again after this at the earliest, with all that came meanwhile.
    static constexpr std::chrono::seconds quiet{60};
    static constexpr std::size_t most_subjects = 4096; ///< of a rule at a time

    /// Takes the place of the rules before; those that are disabled or not about incidents are left out. A
    /// rule that watches the same keeps what it counted.
    void replace(const std::vector<alert_rule>& rules);
    /// `device_kind`: of the incident's device, where it has one. False where there was no room to count it.
    bool take(const incident& what, std::int64_t count, std::optional<category> device_kind, steady_point now,
              const tell& told);
    /// A person said that it is over: it is counted anew.
    void settle(rule_id rule, const incident& what);
    /// Now and then: tells what came while it was quiet, and forgets what is long past.
    void tick(steady_point now, const tell& told);
    [[nodiscard]] bool empty() const noexcept { return rules_.empty(); }

private:
    struct tally {
        incident what;
        std::deque<std::pair<steady_point, std::int64_t>> recent; ///< a part of the window each
        std::int64_t in_window = 0;
        std::int64_t untold = 0;
        std::optional<steady_point> told_at{};
    };
    struct watched {
        alert_rule rule;
        std::unordered_map<std::string, tally> of_subject;
    };
    static void forget_old(tally& of, std::chrono::seconds within, steady_point now);
    static void tell_if_due(const alert_rule& rule, tally& of, steady_point now, const tell& told);

    std::vector<watched> rules_;
};

} // namespace breakwater::alerts

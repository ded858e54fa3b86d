#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/alert_rule.hpp"
#include "domain/category.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace breakwater::alerts {

struct silence_turn {
    const alert_rule& rule;
    device_id device;
    bool silent;                ///< false: it speaks again
    std::chrono::seconds limit; ///< how long it may be silent
};

/// The rules on silence, and when each device was heard last. Not for two threads.
class silence_rules {
public:
    using tell = std::function<void(const silence_turn&)>;

    /// Takes the place of the rules before; those that are disabled or not about silence are left out. A rule
    /// that watches something else now begins anew.
    void replace(const std::vector<alert_rule>& rules);
    /// After a restart: the device's alert is still up.
    void restore(rule_id rule, const device_id& device);
    /// From now on the device is expected to speak; it has as long as after a reading.
    void expect(const device_id& device, steady_point now) { heard_.try_emplace(device, now); }
    void heard(const device_id& device, steady_point now, const tell& told);
    /// It was deleted, or is not allowed to speak: its silence is no news. What was told of it is over.
    void forget(const device_id& device, const tell& told);
    /// A person said that it is over: the device has as long again, and is told of anew.
    void settle(rule_id rule, const device_id& device, steady_point now);
    /// The device may be of another category now: what isn't about it any more is over.
    void recheck(const device_id& device, category kind, const tell& told);
    /// Nobody listened for a while: everybody has as long again.
    void begin_anew(steady_point now);
    /// How often a device is to speak.
    struct rhythm {
        category kind;
        std::chrono::seconds interval;
    };
    /// Tells of those that have been silent for too long by now, and takes back what was told where the
    /// device may be silent for longer than before. `rhythm_of`: nothing for a device that is gone.
    void look(steady_point now, const std::function<std::optional<rhythm>(const device_id&)>& rhythm_of,
              const tell& told);

    [[nodiscard]] bool empty() const noexcept { return rules_.empty(); }

private:
    using limits = std::vector<std::pair<rule_id, std::int64_t>>; ///< intervals
    using told_limits = std::map<rule_id, std::optional<std::chrono::seconds>>;
    void look_at(const limits& scope, const device_id& device, std::chrono::seconds interval,
                 steady_point::duration silence, const tell& told);
    /// How long it was allowed to be silent when that was told; null: nothing was told.
    [[nodiscard]] std::optional<std::chrono::seconds>* told_limit_of(const device_id& device, rule_id rule);

    limits fleet_;
    std::array<limits, category_count> categories_;
    std::unordered_map<device_id, limits> devices_;
    std::unordered_map<rule_id, alert_rule> rules_;
    std::unordered_map<device_id, steady_point> heard_;
    /// What was told of, and how long it was allowed to be silent then; nothing: before a restart.
    std::unordered_map<device_id, told_limits> silent_;
};

} // namespace breakwater::alerts

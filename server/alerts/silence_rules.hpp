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

struct silence_transition {
    const alert_rule& rule;
    device_id device;
    bool silent;                ///< false: the alert is cleared, for instance because the device sends again
    std::chrono::seconds limit; ///< the allowed silence; 0 if `check` did not make the transition
};

/// The rules on silence, and the time of each device's last reading. Not thread-safe.
class silence_rules {
public:
    using transition_handler = std::function<void(const silence_transition&)>;

    /// Replaces all rules; skips rules that are disabled or not about silence. A rule keeps its raised alerts
    /// if it raises the same alerts as before (`raises_same_alerts`).
    void replace(const std::vector<alert_rule>& rules);
    /// After a restart: the device's alert is still raised.
    void restore(rule_id rule, const device_id& device);
    /// Starts to expect readings from the device: its allowed silence begins now. Changes nothing if readings
    /// are expected already.
    void expect(const device_id& device, steady_point now) { last_seen_.try_emplace(device, now); }
    /// The device has sent a reading: its allowed silence begins again, and its alerts are cleared.
    void record_reading(const device_id& device, steady_point now, const transition_handler& on_transition);
    /// Stops watching a device that was deleted or blocked, and clears its alerts.
    void forget(const device_id& device, const transition_handler& on_transition);
    /// A person resolved the alert: the device's allowed silence begins again. When it is over, the alert is
    /// raised again.
    void resolve(rule_id rule, const device_id& device, steady_point now);
    /// Call when the device's category may have changed to `kind`: clears the alerts of rules for other
    /// categories.
    void recheck(const device_id& device, category kind, const transition_handler& on_transition);
    /// Restarts the allowed silence of all devices. Call it after a period without rules on fields or
    /// silence, in which nobody called `record_reading`.
    void restart_timers(steady_point now);
    /// A device's category, and how often the device is expected to send.
    struct schedule {
        category kind;
        std::chrono::seconds interval;
    };
    /// Raises the alerts of devices that have been silent for too long. Clears an alert if the allowed
    /// silence has grown and now exceeds the device's silence. `schedule_of` returns nothing for a deleted
    /// device.
    void check(steady_point now, const std::function<std::optional<schedule>(const device_id&)>& schedule_of,
               const transition_handler& on_transition);

    [[nodiscard]] bool empty() const noexcept { return rules_.empty(); }

private:
    /// Rules, and the number of expected intervals after which each raises its alert.
    using rule_intervals = std::vector<std::pair<rule_id, std::int64_t>>;
    using raised_limits = std::map<rule_id, std::optional<std::chrono::seconds>>;
    void check_scope(const rule_intervals& scope, const device_id& device, std::chrono::seconds interval,
                     steady_point::duration silence, const transition_handler& on_transition);
    /// The entry of `silent_` for the device and rule; null if no such alert is raised.
    [[nodiscard]] std::optional<std::chrono::seconds>* raised_limit_of(const device_id& device, rule_id rule);

    rule_intervals fleet_;
    std::array<rule_intervals, category_count> categories_;
    std::unordered_map<device_id, rule_intervals> devices_;
    std::unordered_map<rule_id, alert_rule> rules_;
    std::unordered_map<device_id, steady_point> last_seen_;
    /// For each raised alert, the allowed silence when it was raised. For an alert from before a restart it
    /// is empty until the next `check`.
    std::unordered_map<device_id, raised_limits> silent_;
};

} // namespace breakwater::alerts

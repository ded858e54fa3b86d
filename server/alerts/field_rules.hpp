#pragma once

#include "alerts/field_watch.hpp"
#include "alerts/moment.hpp"
#include "base/ids.hpp"
#include "domain/alert_rule.hpp"
#include "domain/reading.hpp"
#include "telemetry/payload_fields.hpp"

#include <boost/container/flat_map.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace breakwater::alerts {

struct field_transition {
    const alert_rule& rule;
    device_id device;
    transition kind;
    /// The field's value as it stands in the payload. If `kind` is `late`: the first value that met the
    /// condition.
    std::string_view value;
    timestamp at; ///< when `value` was measured; if `kind` is `late`: when the condition began to hold
    /// If `kind` is `late`: the end of the condition. This is when the first value was measured that no
    /// longer met it, or else the last value that did.
    timestamp until{};
    std::int64_t times = 1; ///< if `kind` is `late`: how often the condition began to hold
};

/// The rules on fields, and their state for each device. Looks up a field only in the rules for its device,
/// for the device's category and for the fleet: rules that do not apply cost nothing. Decision 0019 describes
/// how rules evaluate late readings. Not thread-safe.
class field_rules {
public:
    using transition_handler = std::function<void(const field_transition&)>;

    /// A reading that was measured longer than this before its arrival does not decide the current state.
    static constexpr std::chrono::hours present_window{1};
    /// A reading that was measured longer than this before its arrival is history: no rule evaluates it.
    static constexpr std::chrono::hours late_window{24 * 7};

    /// Replaces all rules; skips rules that are disabled or not about fields. A rule keeps its state if it
    /// raises the same alerts as before (`raises_same_alerts`). REQUIRES: each rule passed `check`.
    void replace(const std::vector<alert_rule>& rules);
    /// Evaluates one upload of a device, in the order of the times of measuring; `upload` may have any order.
    /// `now` is the time of arrival. For each rule, the newest value of its field decides whether its alert
    /// is raised. One `late` transition reports all periods of `upload` in which the condition held, but
    /// holds no longer. Calls `on_transition` at most twice for each rule. The transition is valid only
    /// during the call.
    void evaluate(std::span<const reading> upload, category kind, const moment& now,
                  const transition_handler& on_transition);
    /// Evaluates readings from before the start of the server, oldest first. Reports nothing. But later calls
    /// of `evaluate` and `advance` continue from the state after these readings.
    void replay(std::span<const reading> readings, category kind, const moment& now);
    /// The longest `field_condition::hold` of all rules; 0 when there are no rules.
    [[nodiscard]] std::chrono::seconds longest_hold() const;
    /// Raises alerts whose condition has held for the rule's `hold` by now.
    void advance(const moment& now, const transition_handler& on_transition);
    /// After a restart: the device's alert is still raised, by a value measured at `at`.
    void restore(rule_id rule, const device_id& device, steady_point at);
    /// A person resolved the alert. If the condition still holds in the next readings, for the rule's `hold`,
    /// the alert is raised again.
    void resolve(rule_id rule, const device_id& device);
    /// Call when the device's category may have changed to `kind`. Drops the device's state in rules for
    /// other categories, and clears their alerts.
    void recheck(const device_id& device, category kind, timestamp now,
                 const transition_handler& on_transition);
    /// The device was released after a block. If the next readings still meet a condition, its alert is
    /// raised again. Otherwise the first value that no longer meets it clears a raised alert.
    void rearm(const device_id& device);
    /// Drops the state of a deleted device.
    void forget(const device_id& device);
    [[nodiscard]] bool empty() const noexcept { return rules_.empty(); }
    /// The number of devices with a state.
    [[nodiscard]] std::size_t watched() const noexcept { return watches_.size(); }

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept {
            return std::hash<std::string_view>{}(text);
        }
    };
    /// Rules by the name of their field.
    struct rules_of_scope {
        std::unordered_map<std::string, std::vector<std::shared_ptr<const alert_rule>>, text_hash,
                           std::equal_to<>>
            rules;
        telemetry::field_selection fields; ///< those of the rules

        void add(const std::shared_ptr<const alert_rule>& rule, const std::string& field);
    };
    /// A period in which a condition held, or several such periods together.
    struct episode {
        std::string value; ///< the first one for which the condition held
        timestamp from;
        timestamp until;
        std::int64_t times = 1; ///< number of periods
    };
    /// The effect of an upload on the alert of one rule.
    struct outcome {
        const alert_rule* rule = nullptr;
        bool was_raised = false;            ///< the alert was raised before the upload
        bool was_carried_over = false;      ///< the alert is from before the device was released
        field_watch past_watch;             ///< evaluates the values that do not decide the current state
        std::optional<episode> past_open{}; ///< by `past_watch`; not ended yet
        std::optional<episode> open{};      ///< of the current state; began with this upload, not ended yet
        std::optional<episode> ended{};     ///< all ended episodes together
        timestamp cleared_at{};             ///< when the value that cleared the alert was measured

        /// Ends the episode `which` at `until`, and adds it to `ended`.
        void close(std::optional<episode>& which, timestamp until);
    };
    /// A reading as the rules see it.
    struct sample {
        device_id device;
        steady_point at;          ///< time of measuring by the steady clock
        timestamp wall;           ///< time of measuring by the wall clock
        bool is_present;          ///< measured within `present_window`
        bool is_replayed = false; ///< from before the start of the server
    };
    /// A device whose readings arrive more than `present_window` after their `device_timestamp`.
    struct lagging_device {
        timestamp measured;       ///< the newest time of measuring in the upload that arrived at `arrived`
        timestamp arrived;        ///< arrival of an upload
        bool wrong_clock = false; ///< the device's clock is behind, but runs as fast as the server's
    };
    /// The state of each rule for one device. There are few, so a flat map is faster than a hash table.
    using watches_of_device = boost::container::flat_map<rule_id, field_watch>;
    /// A condition that holds, but not yet for the rule's `hold`.
    struct pending_alert {
        std::string value; ///< shortened for the summary
        steady_point due;  ///< when the condition will have held for `hold`
    };
    using key = std::pair<device_id, rule_id>;

    /// How far the device's clock is behind; zero if it is right, or if that is not known yet. `newest` is
    /// the newest time of measuring in the upload, `arrived` the upload's arrival.
    [[nodiscard]] timestamp::duration clock_error_of(const device_id& device, timestamp newest,
                                                     timestamp arrived);

    /// Evaluates one reading. The device's clock is behind by `error`.
    void evaluate_reading(const reading& reading, category kind, timestamp::duration error, const moment& now,
                          bool is_replayed);
    /// `watches` is null until the device's watches are looked up for the first field that has rules.
    void evaluate_field(const rules_of_scope& scope, const telemetry::payload_field& field,
                        const sample& point, watches_of_device*& watches);
    void evaluate_present(const alert_rule& rule, const telemetry::payload_field& field, const sample& point,
                          field_watch& watch);
    void evaluate_past(const alert_rule& rule, const telemetry::payload_field& field, const sample& point,
                       const field_watch& watch);
    void report_outcomes(const device_id& device, const transition_handler& on_transition);
    /// If the condition holds, schedules its alert for the time when it will have held for the rule's `hold`.
    /// Otherwise removes the alert from the schedule.
    void schedule(const alert_rule& rule, const device_id& device, const field_watch& watch,
                  std::string_view value);
    /// Removes the watches for which `is_dropped` is true, and their alerts from the schedule.
    template <class Predicate>
    void drop_watches(const device_id& device, watches_of_device& watches, Predicate is_dropped);
    void unschedule(const device_id& device, rule_id rule);
    void unschedule(const device_id& device);

    /// For each category the rules for it and the rules for the fleet. So one look-up finds both kinds of
    /// rules for a field.
    std::array<rules_of_scope, category_count> categories_;
    std::unordered_map<device_id, rules_of_scope> devices_;
    std::unordered_map<rule_id, std::shared_ptr<const alert_rule>> rules_;
    std::unordered_map<device_id, watches_of_device> watches_;
    std::unordered_map<device_id, lagging_device> lagging_;
    std::unordered_map<rule_id, outcome> outcomes_; ///< of the upload under evaluation
    std::unordered_map<device_id, std::unordered_map<rule_id, pending_alert>> pending_;
    std::set<std::pair<steady_point, key>> due_; ///< the due times of `pending_`
};

} // namespace breakwater::alerts

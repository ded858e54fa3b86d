#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/alert_rule.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater {

using alert_id = std::int64_t; ///< from 1 up

/// `open`: nobody has reacted yet. `acknowledged`: a person has confirmed that they look after it.
/// `resolved`: a person, or the server itself, has ended it.
enum class alert_state : std::uint8_t { open, acknowledged, resolved };

[[nodiscard]] std::string_view to_string(alert_state value) noexcept;

/// Records that the condition of a rule holds or held. For each combination of rule, device and subject, at
/// most one alert is unresolved.
struct alert {
    alert_id id = 0; ///< assigned by the store
    /// None: the rule was deleted. The alert keeps the rule's name, kind and severity.
    std::optional<rule_id> rule{};
    std::string rule_name{};
    alert_kind kind = alert_kind::field;
    alert_severity severity = alert_severity::warning;
    std::optional<device_id> device{}; ///< none: it concerns the server; visible only to administrators
    std::string device_name{};         ///< the current or last name; set by the store
    bool device_deleted = false;       ///< if true, only administrators see the alert; set by the store
    user_id owner = 0;                 ///< of the device; set by the store
    std::string subject{};             ///< a field, a network address or an account
    std::string summary{};             ///< a sentence
    alert_state state = alert_state::open;
    std::int64_t count = 1;   ///< how often the rule raised it; for a security rule, the incidents
    bool quarantined = false; ///< the rule has blocked the device
    /// The readings arrived late, and the condition no longer held when they arrived. `raised_at` and
    /// `resolved_at` are then times of measurement.
    bool late = false;
    bool simulated = false; ///< raised by simulated data; never quarantines
    timestamp raised_at{};
    timestamp last_raised_at{};
    std::optional<timestamp> acknowledged_at{};
    std::string acknowledged_by{}; ///< an e-mail address
    std::optional<timestamp> resolved_at{};
    std::string resolved_by{}; ///< an e-mail address; empty with `resolved_at`: the server did it
    std::string note{};        ///< by the person who acknowledged or resolved it
};

inline constexpr std::size_t max_alert_subject_length = 256; ///< bytes
inline constexpr std::size_t max_alert_note_length = 500;    ///< characters

/// Counts of unresolved alerts.
struct alert_summary {
    std::int64_t open = 0;
    std::int64_t acknowledged = 0;
    std::int64_t info = 0;
    std::int64_t warning = 0;
    std::int64_t critical = 0;
};

enum class alert_change : std::uint8_t {
    raised,
    updated, ///< raised again, or acknowledged
    resolved,
};

[[nodiscard]] std::string_view to_string(alert_change value) noexcept;

/// The subject of the alert that replaces individual alerts when a rule raises too many at once.
inline constexpr std::string_view further_alerts = "further devices";

/// The result of evaluating a rule. There are three results: the condition holds now, the condition no longer
/// holds (`cleared`), or the condition held during a past time (`late_until`).
struct rule_evaluation {
    rule_id rule = 0;
    /// The rule as it was evaluated. If the stored rule has changed since, the alert service raises no alert.
    /// Not needed with `cleared`.
    std::optional<alert_rule> evaluated_rule{};
    std::optional<device_id> device{};
    std::string subject{};
    bool cleared = false;   ///< the condition no longer holds
    std::string summary{};  ///< a sentence; empty with `cleared`
    std::int64_t count = 1; ///< incidents
    timestamp at{};
    /// Set if the condition held during a past time, from `at` until this time, and its readings arrived
    /// late.
    std::optional<timestamp> late_until{};
    bool deferred = false;  ///< submitted again, because at first there were too many alerts
    bool simulated = false; ///< from simulated readings
};

} // namespace breakwater

#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/alert.hpp"
#include "wire/schema/schema.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::wire {

struct alert_response { ///< Alert
    alert_id id = 0;
    std::optional<breakwater::rule_id> rule_id;
    std::string rule_name;
    alert_kind kind = alert_kind::field;
    alert_severity severity = alert_severity::warning;
    std::optional<breakwater::device_id> device_id;
    std::optional<std::string> device_name;
    std::string subject;
    std::string summary;
    alert_state state = alert_state::open;
    std::int64_t count = 1;
    bool quarantined = false;
    bool late = false;
    timestamp raised_at{};
    timestamp last_raised_at{};
    std::optional<timestamp> acknowledged_at;
    std::optional<std::string> acknowledged_by;
    std::optional<timestamp> resolved_at;
    std::optional<std::string> resolved_by;
    std::optional<std::string> note;
    bool simulated = false;
    bool device_deleted = false;
};

struct alert_summary_response { ///< AlertSummary
    std::int64_t open = 0;
    std::int64_t acknowledged = 0;
    std::int64_t critical = 0;
    std::int64_t warning = 0;
    std::int64_t info = 0;
};

struct alert_note_request { ///< AlertNoteRequest
    std::optional<schema::line<0, max_alert_note_length>> note;
};

/// A rule with its condition in flat members; `kind` decides which of them apply.
struct alert_rule_request { ///< AlertRuleRequest
    schema::line<1, max_rule_name_length> name;
    alert_severity severity = alert_severity::warning;
    std::optional<bool> enabled; ///< absent: true
    std::optional<breakwater::category> category;
    std::optional<breakwater::device_id> device_id;
    alert_kind kind = alert_kind::field;
    std::optional<schema::line<1, max_rule_field_length>> field;
    std::optional<field_test> test;
    std::optional<double> low;
    std::optional<double> high;
    std::optional<schema::json_scalar> value;
    std::optional<double> hysteresis;
    std::optional<schema::integer<0, 86'400>> hold_seconds;
    std::optional<schema::integer<1, max_rule_intervals>> intervals;
    std::optional<incident_kind> incident;
    std::optional<schema::integer<1, max_rule_incidents>> count;
    std::optional<schema::integer<1, 86'400>> within_seconds;
    std::optional<bool> quarantine;        ///< absent: false
    std::optional<bool> owner_may_release; ///< absent: false
};

struct alert_rule_response { ///< AlertRule
    rule_id id = 0;
    std::string name;
    alert_severity severity = alert_severity::warning;
    bool enabled = true;
    std::optional<breakwater::category> category;
    std::optional<breakwater::device_id> device_id;
    alert_kind kind = alert_kind::field;
    std::optional<std::string> field;
    std::optional<field_test> test;
    std::optional<double> low;
    std::optional<double> high;
    std::optional<schema::json_scalar> value;
    std::optional<double> hysteresis;
    std::optional<std::int64_t> hold_seconds;
    std::optional<std::int64_t> intervals;
    std::optional<incident_kind> incident;
    std::optional<std::int64_t> count;
    std::optional<std::int64_t> within_seconds;
    bool quarantine = false;
    bool owner_may_release = false;
    timestamp created_at{};
    timestamp updated_at{};
};

enum class alert_state_filter : std::uint8_t {
    open,
    acknowledged,
    resolved,
    live, ///< not resolved
};

struct alert_list_query {
    schema::integer<1, 500> limit{100};
    std::optional<schema::text<1, 256>> cursor;
    std::optional<alert_state_filter> state;
    std::optional<alert_severity> severity;
    std::optional<breakwater::device_id> device_id;
    std::optional<schema::integer<1, INT64_MAX>> rule_id;
};

[[nodiscard]] alert_response to_dto(const alert& source);
[[nodiscard]] alert_summary_response to_dto(const alert_summary& source);
[[nodiscard]] alert_rule_response to_dto(const alert_rule& source);
/// `invalid_input` names the missing members that `kind` requires.
[[nodiscard]] result<alert_rule> to_domain(const alert_rule_request& request);

} // namespace breakwater::wire

template <>
struct breakwater::wire::schema::shared_component<breakwater::wire::alert_response> {
    static constexpr std::string_view name = "Alert";
    static void append(std::string& out, const alert_response& value);
};

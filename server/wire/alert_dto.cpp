#include "wire/alert_dto.hpp"

#include "base/overloaded.hpp"
#include "wire/dto_components.hpp"
#include "wire/schema/reflect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace breakwater::wire {

BOOST_DESCRIBE_STRUCT(alert_response, (),
                      (id, rule_id, rule_name, kind, severity, device_id, device_name, subject, summary,
                       state, count, quarantined, late, raised_at, last_raised_at, acknowledged_at,
                       acknowledged_by, resolved_at, resolved_by, note, simulated, device_deleted))
BOOST_DESCRIBE_STRUCT(alert_summary_response, (), (open, acknowledged, critical, warning, info))
BOOST_DESCRIBE_STRUCT(alert_note_request, (), (note))
BOOST_DESCRIBE_STRUCT(alert_rule_request, (),
                      (name, severity, enabled, category, device_id, kind, field, test, low, high, value,
                       hysteresis, hold_seconds, intervals, incident, count, within_seconds, quarantine,
                       owner_may_release))
BOOST_DESCRIBE_STRUCT(alert_rule_response, (),
                      (id, name, severity, enabled, category, device_id, kind, field, test, low, high, value,
                       hysteresis, hold_seconds, intervals, incident, count, within_seconds, quarantine,
                       owner_may_release, created_at, updated_at))
BOOST_DESCRIBE_STRUCT(alert_list_query, (), (limit, cursor, state, severity, device_id, rule_id))

namespace {

using std::chrono::seconds;

std::optional<std::string> unless_empty(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional{text};
}

/// Collects the missing members that a rule of a kind requires.
class missing_members {
public:
    template <class Member>
    void require(std::string_view name, const std::optional<Member>& member) {
        if (!member)
            fields_.push_back(
                {"body." + std::string{name}, "This field is required for a rule of this kind."});
    }
    [[nodiscard]] bool any() const noexcept { return !fields_.empty(); }
    [[nodiscard]] std::unexpected<error> to_error() && {
        return std::unexpected(error{.code = errc::invalid_input,
                                     .detail = "The rule lacks fields that its kind requires.",
                                     .fields = std::move(fields_)});
    }

private:
    std::vector<field_error> fields_;
};

result<alert_condition> field_condition_of(const alert_rule_request& request) {
    missing_members missing;
    missing.require("field", request.field);
    missing.require("test", request.test);
    if (request.test == field_test::below || request.test == field_test::outside)
        missing.require("low", request.low);
    if (request.test == field_test::above || request.test == field_test::outside ||
        request.test == field_test::changes_faster)
        missing.require("high", request.high);
    if (request.test == field_test::changes_to)
        missing.require("value", request.value);
    if (missing.any())
        return std::move(missing).to_error();
    return field_condition{.field = request.field->value,
                           .test = *request.test,
                           .low = request.low.value_or(0),
                           .high = request.high.value_or(0),
                           .value = request.value ? request.value->text : std::string{},
                           .hysteresis = request.hysteresis.value_or(0),
                           .hold = seconds{request.hold_seconds ? request.hold_seconds->value : 0}};
}

result<alert_condition> condition_of(const alert_rule_request& request) {
    missing_members missing;
    switch (request.kind) {
    case alert_kind::field: return field_condition_of(request);
    case alert_kind::silence:
        missing.require("intervals", request.intervals);
        if (missing.any())
            return std::move(missing).to_error();
        return silence_condition{.intervals = request.intervals->value};
    case alert_kind::security:
        missing.require("incident", request.incident);
        missing.require("count", request.count);
        missing.require("within_seconds", request.within_seconds);
        if (missing.any())
            return std::move(missing).to_error();
        return security_condition{.incident = *request.incident,
                                  .count = request.count->value,
                                  .within = seconds{request.within_seconds->value}};
    }
    return fail(errc::internal, "Unknown kind of alert rule.");
}

void add(alert_rule_response& rule, const field_condition& condition) {
    rule.field = condition.field;
    rule.test = condition.test;
    if (condition.test == field_test::below || condition.test == field_test::outside)
        rule.low = condition.low;
    if (condition.test == field_test::changes_to)
        rule.value = {condition.value};
    else if (condition.test != field_test::below)
        rule.high = condition.high;
    rule.hysteresis = condition.hysteresis;
    rule.hold_seconds = condition.hold.count();
}

void add(alert_rule_response& rule, const silence_condition& condition) {
    rule.intervals = condition.intervals;
}

void add(alert_rule_response& rule, const security_condition& condition) {
    rule.incident = condition.incident;
    rule.count = condition.count;
    rule.within_seconds = condition.within.count();
}

} // namespace

alert_response to_dto(const alert& source) {
    return {.id = source.id,
            .rule_id = source.rule,
            .rule_name = source.rule_name,
            .kind = source.kind,
            .severity = source.severity,
            .device_id = source.device,
            .device_name = unless_empty(source.device_name),
            .subject = source.subject,
            .summary = source.summary,
            .state = source.state,
            .count = source.count,
            .quarantined = source.quarantined,
            .late = source.late,
            .raised_at = source.raised_at,
            .last_raised_at = source.last_raised_at,
            .acknowledged_at = source.acknowledged_at,
            .acknowledged_by = unless_empty(source.acknowledged_by),
            .resolved_at = source.resolved_at,
            .resolved_by = unless_empty(source.resolved_by),
            .note = unless_empty(source.note),
            .simulated = source.simulated,
            .device_deleted = source.device_deleted};
}

alert_summary_response to_dto(const alert_summary& source) {
    return {.open = source.open,
            .acknowledged = source.acknowledged,
            .critical = source.critical,
            .warning = source.warning,
            .info = source.info};
}

alert_rule_response to_dto(const alert_rule& source) {
    alert_rule_response out{.id = source.id,
                            .name = source.name,
                            .severity = source.severity,
                            .enabled = source.enabled,
                            .category = source.category,
                            .device_id = source.device,
                            .kind = source.kind(),
                            .quarantine = source.quarantine,
                            .owner_may_release = source.owner_may_release,
                            .created_at = source.created_at,
                            .updated_at = source.updated_at};
    std::visit([&out](const auto& condition) { add(out, condition); }, source.when);
    return out;
}

result<alert_rule> to_domain(const alert_rule_request& request) {
    auto condition = condition_of(request);
    if (!condition)
        return pass(std::move(condition));
    return alert_rule{.name = request.name.value,
                      .severity = request.severity,
                      .enabled = request.enabled.value_or(true),
                      .category = request.category,
                      .device = request.device_id,
                      .when = std::move(*condition),
                      .quarantine = request.quarantine.value_or(false),
                      .owner_may_release = request.owner_may_release.value_or(false)};
}

} // namespace breakwater::wire

namespace breakwater::wire::schema {

template <>
struct enum_names<wire::alert_state_filter> {
    static constexpr std::size_t count = 4;
    static std::string_view text(wire::alert_state_filter value) noexcept {
        return value == wire::alert_state_filter::live ? "live" : to_string(static_cast<alert_state>(value));
    }
};

template <>
struct about<wire::alert_response> {
    static constexpr std::string_view name = shared_component<wire::alert_response>::name;
    static constexpr std::string_view description =
        "A report that the condition of a rule is met, or was met.";
    static constexpr std::string_view example =
        R"({"id":12,"rule_id":3,"rule_name":"Too cold or too warm indoors","kind":"field","severity":"warning",)"
        R"("device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","device_name":"Server room",)"
        R"("subject":"metrics.temperature_c","summary":"metrics.temperature_c is 33.4, outside 12 to 32.",)"
        R"("state":"acknowledged","count":1,"quarantined":false,"late":false,"raised_at":"2026-01-15T12:00:00Z",)"
        R"("last_raised_at":"2026-01-15T12:00:00Z","acknowledged_at":"2026-01-15T12:03:00Z",)"
        R"("acknowledged_by":"ada@example.com","resolved_at":null,"resolved_by":null,"note":"On my way",)"
        R"("simulated":false,"device_deleted":false})";
    static constexpr std::array notes{
        field_note{"id", "The alert's id, in the order in which alerts were raised."},
        field_note{"rule_id", "The rule that raised the alert; null if the rule was deleted."},
        field_note{"rule_name", "The rule's name."},
        field_note{"kind", "The rule's kind."},
        field_note{"severity", "The alert's severity."},
        field_note{"device_id",
                   "The device that the alert concerns; null for an alert of the server itself."},
        field_note{"device_name", "The device's name; if the device was deleted, its last name."},
        field_note{"subject", "What the alert is about: a field, an address or an account."},
        field_note{"summary", "What happened, as a sentence."},
        field_note{"state", "`open`, `acknowledged` (someone is handling it) or `resolved` (by a person, or "
                            "automatically when the condition no longer holds)."},
        field_note{"count", "How often the alert was raised, or the number of incidents that it counts."},
        field_note{"quarantined", "Whether the alert blocked the device."},
        field_note{"late", "Whether the condition no longer held when the server received the readings, "
                           "because they arrived late. Such an alert is `resolved` from the start."},
        field_note{"raised_at", "When the alert was first raised; for a field, when its value was measured."},
        field_note{"last_raised_at", "When the alert was last raised."},
        field_note{"acknowledged_at", "When someone acknowledged the alert."},
        field_note{"acknowledged_by", "The e-mail address of the person who acknowledged the alert."},
        field_note{"resolved_at", "When the alert was resolved."},
        field_note{"resolved_by",
                   "The e-mail address of the person who resolved the alert; null if it resolved "
                   "automatically."},
        field_note{"note", "The latest note."},
        field_note{"simulated", "Whether simulated data raised the alert."},
        field_note{"device_deleted", "Whether the device was deleted; only administrators see its alerts."}};
};

template <>
struct about<wire::alert_summary_response> {
    static constexpr std::string_view name = "AlertSummary";
    static constexpr std::string_view description = "The number of alerts that are not resolved.";
    static constexpr std::string_view example =
        R"({"open":3,"acknowledged":1,"critical":1,"warning":2,"info":1})";
    static constexpr std::array notes{
        field_note{"open", "Open alerts."}, field_note{"acknowledged", "Acknowledged alerts."},
        field_note{"critical", "Critical alerts, open and acknowledged."},
        field_note{"warning", "Warnings, open and acknowledged."},
        field_note{"info", "Alerts of the severity `info`, open and acknowledged."}};
};

template <>
struct about<wire::alert_note_request> {
    static constexpr std::string_view name = "AlertNoteRequest";
    static constexpr std::string_view description = "A note about an alert.";
    static constexpr std::string_view example = R"({"note":"On my way"})";
    static constexpr std::array notes{field_note{"note", "The note; if absent, the earlier note stays."}};
};

constexpr std::array rule_notes{
    field_note{"name", "The rule's name."},
    field_note{"severity", "The severity of the rule's alerts."},
    field_note{"enabled", "Whether the rule is evaluated; `true` if absent."},
    field_note{"category",
               "Applies the rule only to devices of this category. If this and `device_id` are null, the "
               "rule applies to all devices."},
    field_note{"device_id", "Applies the rule only to this device."},
    field_note{"kind", "What the rule watches: `field`, the value of a field in readings; `silence`, missing "
                       "readings; `security`, incidents in the audit log."},
    field_note{"field",
               "For `field`: the field's name, as in series and latest values: `metrics.temperature_c`, "
               "`gps[0]`."},
    field_note{"test",
               "For `field`: when the condition is met: `above` the limit `high`, `below` the limit `low`, "
               "`outside` both limits, `changes_to` a new `value`, or `changes_faster` than `high` per "
               "minute, up or down."},
    field_note{"low", "For `field`: the lower limit."},
    field_note{"high", "For `field`: the upper limit."},
    field_note{"value", "For `changes_to`: a string, a number, true or false."},
    field_note{
        "hysteresis",
        "For `field`: how far the value must return inside the limit before the alert resolves. With "
        "`outside` less than half of the range, with `changes_faster` less than the limit, otherwise at most "
        "a hundred times the limit."},
    field_note{"hold_seconds",
               "For `field`: how long the condition must hold before the alert is raised; every reading in "
               "that time must meet it."},
    field_note{"intervals",
               "For `silence`: the alert is raised after this many times the longest interval of the "
               "category or, if that is longer, the minimum interval of the device's policy."},
    field_note{"incident",
               "For `security`: the incident to count. `refused_logins`, `forged_tokens` and "
               "`wrong_device_secrets` are counted per address, `replayed_refresh_token` and `admin_probing` "
               "per user, `device_flood` per device. `password_spraying` counts the accounts that were tried "
               "with wrong passwords from any address; `device_probing` counts the devices of other accounts "
               "that one user tried to access."},
    field_note{"count", "For `security`: how many incidents raise the alert; for `password_spraying` and "
                        "`device_probing`, how many accounts or devices, at most 1,000."},
    field_note{"within_seconds",
               "For `security`: the time within which the incidents are counted, in seconds."},
    field_note{"quarantine", "Whether an alert blocks the device until it is released; `false` if absent."},
    field_note{"owner_may_release",
               "Whether the owner may also release the blocked device; `false` if absent."}};
/// `rule_notes` and the members that only a stored rule has.
constexpr auto stored_rule_notes = [] {
    std::array<field_note, rule_notes.size() + 3> notes{};
    notes.front() = {"id", "The rule's id."};
    std::ranges::copy(rule_notes, notes.begin() + 1);
    notes[notes.size() - 2] = {"created_at", "When the rule was created."};
    notes.back() = {"updated_at", "When the rule was last changed."};
    return notes;
}();

/// The requirements of `to_domain` and `check`, by the rule's kind. They use `if` and `then`: tools that do
/// not know these keywords ignore them.
constexpr std::string_view field_rule_schema =
    R"({"required":["field","test"],"properties":{"field":{"type":"string"},"test":{"type":"string"}},)"
    R"("if":{"properties":{"test":{"const":"changes_to"}}},)"
    R"("then":{"required":["value"],"properties":{"value":{"type":["string","number","boolean"]}}},)"
    R"("else":{"if":{"properties":{"test":{"const":"below"}}},)"
    R"("then":{"required":["low"],"properties":{"low":{"type":"number"}}},)"
    R"("else":{"if":{"properties":{"test":{"const":"outside"}}},)"
    R"("then":{"required":["low","high"],"properties":{"low":{"type":"number"},"high":{"type":"number"}}},)"
    R"("else":{"required":["high"],"properties":{"high":{"type":"number"}}}}}})";
constexpr std::string_view silence_rule_schema =
    R"({"required":["intervals"],"properties":{"intervals":{"type":"integer"},"quarantine":{"enum":[false,null]}}})";
constexpr std::string_view security_rule_schema =
    R"({"required":["incident","count","within_seconds"],"properties":{"incident":{"type":"string"},)"
    R"("count":{"type":"integer"},"within_seconds":{"type":"integer"}},)"
    R"("if":{"properties":{"incident":{"const":"device_flood"}}},"then":true,)"
    R"("else":{"properties":{"category":{"type":"null"},"device_id":{"type":"null"},"quarantine":{"enum":[false,null]}},)"
    R"("if":{"properties":{"incident":{"enum":["password_spraying","device_probing"]}}},)"
    R"("then":{"properties":{"count":{"maximum":1000}}}}})";
static_assert(max_rule_distinct_count == 1000);

/// Matches a rule that names both a category and a device, which `check` refuses.
constexpr std::string_view category_and_device_schema =
    R"({"required":["category","device_id"],"properties":{"category":{"type":"string"},"device_id":{"type":"string"}}})";

std::string other_rule_schema() {
    return fmt::format(R"({{"if":{{"properties":{{"kind":{{"const":"silence"}}}}}},"then":{},"else":{}}})",
                       silence_rule_schema, security_rule_schema);
}

template <>
struct about<wire::alert_rule_request> {
    static constexpr std::string_view name = "AlertRuleRequest";
    static constexpr std::string_view description = "A rule that raises alerts.";
    static constexpr std::string_view example =
        R"({"name":"Server room is warm","severity":"critical","category":"indoor_thermometer","kind":"field",)"
        R"("field":"metrics.temperature_c","test":"above","high":27,"hysteresis":1,"hold_seconds":120})";
    static constexpr auto notes = rule_notes;
};

template <>
struct about<wire::alert_rule_response> {
    static constexpr std::string_view name = "AlertRule";
    static constexpr std::string_view description =
        "A stored rule; members that its kind does not use are null.";
    static constexpr std::string_view example =
        R"({"id":16,"name":"Server room is warm","severity":"critical","enabled":true,)"
        R"("category":"indoor_thermometer","device_id":null,"kind":"field","field":"metrics.temperature_c",)"
        R"("test":"above","low":null,"high":27,"value":null,"hysteresis":1,"hold_seconds":120,"intervals":null,)"
        R"("incident":null,"count":null,"within_seconds":null,"quarantine":false,"owner_may_release":false,)"
        R"("created_at":"2026-01-15T12:00:00Z","updated_at":"2026-01-15T12:00:00Z"})";
    static constexpr auto notes = stored_rule_notes;
};

template <>
struct about<wire::alert_list_query> {
    static constexpr std::array notes{
        field_note{"limit", "The maximum number of alerts."},
        field_note{"cursor", "The `X-Next-Cursor` of the previous page."},
        field_note{"state", "Only alerts in this state; `live` means not resolved."},
        field_note{"severity", "Only alerts of this severity."},
        field_note{"device_id", "Only alerts of this device."},
        field_note{"rule_id", "Only alerts of this rule."}};
};

void shared_component<wire::alert_response>::append(std::string& out, const wire::alert_response& value) {
    append_object(out, value);
}

template result<wire::alert_note_request> parse(std::string_view);
template result<wire::alert_rule_request> parse(std::string_view);
template result<wire::alert_list_query> parse_query(const query_pairs&);
template std::vector<parameter_schema> query_parameters<wire::alert_list_query>();
template void write(std::string&, const wire::alert_response&);
template void write(std::string&, const std::vector<wire::alert_response>&);
template void write(std::string&, const wire::alert_summary_response&);
template void write(std::string&, const wire::alert_rule_response&);
template void write(std::string&, const std::vector<wire::alert_rule_response>&);

} // namespace breakwater::wire::schema

void breakwater::wire::add_alert_components(std::vector<named_schema>& components) {
    using schema::component_of;
    using schema::direction;
    components.push_back(component_of<alert_response>(direction::response));
    components.push_back(component_of<alert_summary_response>(direction::response));
    components.push_back(component_of<alert_note_request>(direction::request));
    named_schema& rule = components.emplace_back(component_of<alert_rule_request>(direction::request));
    schema::add_keyword(rule.schema, "if", R"({"properties":{"kind":{"const":"field"}}})");
    schema::add_keyword(rule.schema, "then", schema::field_rule_schema);
    schema::add_keyword(rule.schema, "else", schema::other_rule_schema());
    schema::add_keyword(rule.schema, "not", schema::category_and_device_schema);
    components.push_back(component_of<alert_rule_response>(direction::response));
}

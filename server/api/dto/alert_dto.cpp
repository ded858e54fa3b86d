#include "api/dto/alert_dto.hpp"

#include "api/dto/dto_components.hpp"
#include "api/schema/reflect.hpp"
#include "base/overloaded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace breakwater::api::dto {

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

/// What a condition's kind needs and isn't there.
class missing {
public:
    template <class Member>
    void need(std::string_view name, const std::optional<Member>& member) {
        if (!member)
            fields_.push_back({"body." + std::string{name}, "Is needed for a rule of this kind."});
    }
    [[nodiscard]] bool any() const noexcept { return !fields_.empty(); }
    [[nodiscard]] std::unexpected<error> refuse() && {
        return std::unexpected(error{.code = errc::invalid_input,
                                     .detail = "Members that a rule of this kind needs are missing.",
                                     .fields = std::move(fields_)});
    }

private:
    std::vector<field_error> fields_;
};

result<alert_condition> field_condition_of(const alert_rule_request& from) {
    missing lacks;
    lacks.need("field", from.field);
    lacks.need("test", from.test);
    if (from.test == field_test::below || from.test == field_test::outside)
        lacks.need("low", from.low);
    if (from.test == field_test::above || from.test == field_test::outside ||
        from.test == field_test::changes_faster)
        lacks.need("high", from.high);
    if (from.test == field_test::changes_to)
        lacks.need("value", from.value);
    if (lacks.any())
        return std::move(lacks).refuse();
    return field_condition{.field = from.field->value,
                           .test = *from.test,
                           .low = from.low.value_or(0),
                           .high = from.high.value_or(0),
                           .value = from.value ? from.value->text : std::string{},
                           .hysteresis = from.hysteresis.value_or(0),
                           .hold = seconds{from.hold_seconds ? from.hold_seconds->value : 0}};
}

result<alert_condition> condition_of(const alert_rule_request& from) {
    missing lacks;
    switch (from.kind) {
    case alert_kind::field: return field_condition_of(from);
    case alert_kind::silence:
        lacks.need("intervals", from.intervals);
        if (lacks.any())
            return std::move(lacks).refuse();
        return silence_condition{.intervals = from.intervals->value};
    case alert_kind::security:
        lacks.need("incident", from.incident);
        lacks.need("count", from.count);
        lacks.need("within_seconds", from.within_seconds);
        if (lacks.any())
            return std::move(lacks).refuse();
        return security_condition{.incident = *from.incident,
                                  .count = from.count->value,
                                  .within = seconds{from.within_seconds->value}};
    }
    return fail(errc::internal, "A kind of rule that isn't known.");
}

void add(alert_rule_response& to, const field_condition& is) {
    to.field = is.field;
    to.test = is.test;
    if (is.test == field_test::below || is.test == field_test::outside)
        to.low = is.low;
    if (is.test == field_test::changes_to)
        to.value = {is.value};
    else if (is.test != field_test::below)
        to.high = is.high;
    to.hysteresis = is.hysteresis;
    to.hold_seconds = is.hold.count();
}

void add(alert_rule_response& to, const silence_condition& is) {
    to.intervals = is.intervals;
}

void add(alert_rule_response& to, const security_condition& is) {
    to.incident = is.incident;
    to.count = is.count;
    to.within_seconds = is.within.count();
}

} // namespace

alert_response to_dto(const alert& from) {
    return {.id = from.id,
            .rule_id = from.rule,
            .rule_name = from.rule_name,
            .kind = from.kind,
            .severity = from.severity,
            .device_id = from.device,
            .device_name = unless_empty(from.device_name),
            .subject = from.subject,
            .summary = from.summary,
            .state = from.state,
            .count = from.count,
            .quarantined = from.quarantined,
            .late = from.late,
            .raised_at = from.raised_at,
            .last_raised_at = from.last_raised_at,
            .acknowledged_at = from.acknowledged_at,
            .acknowledged_by = unless_empty(from.acknowledged_by),
            .resolved_at = from.resolved_at,
            .resolved_by = unless_empty(from.resolved_by),
            .note = unless_empty(from.note),
            .simulated = from.simulated,
            .device_deleted = from.device_gone};
}

alert_summary_response to_dto(const storage::alert_summary& from) {
    return {.open = from.open,
            .acknowledged = from.acknowledged,
            .critical = from.critical,
            .warning = from.warning,
            .info = from.info};
}

alert_rule_response to_dto(const alert_rule& from) {
    alert_rule_response out{.id = from.id,
                            .name = from.name,
                            .severity = from.severity,
                            .enabled = from.enabled,
                            .category = from.category,
                            .device_id = from.device,
                            .kind = from.kind(),
                            .quarantine = from.quarantine,
                            .owner_may_release = from.owner_may_release,
                            .created_at = from.created_at,
                            .updated_at = from.updated_at};
    std::visit([&out](const auto& is) { add(out, is); }, from.when);
    return out;
}

result<alert_rule> to_domain(const alert_rule_request& from) {
    auto when = condition_of(from);
    if (!when)
        return pass(std::move(when));
    return alert_rule{.name = from.name.value,
                      .severity = from.severity,
                      .enabled = from.enabled.value_or(true),
                      .category = from.category,
                      .device = from.device_id,
                      .when = std::move(*when),
                      .quarantine = from.quarantine.value_or(false),
                      .owner_may_release = from.owner_may_release.value_or(false)};
}

} // namespace breakwater::api::dto

namespace breakwater::api::schema {

template <>
struct enum_names<dto::alert_state_filter> {
    static constexpr std::size_t count = 4;
    static std::string_view text(dto::alert_state_filter value) noexcept {
        return value == dto::alert_state_filter::live ? "live" : to_string(static_cast<alert_state>(value));
    }
};

template <>
struct about<dto::alert_response> {
    static constexpr std::string_view name = "Alert";
    static constexpr std::string_view description = "That the condition of a rule holds, or held.";
    static constexpr std::string_view example =
        R"({"id":12,"rule_id":3,"rule_name":"Too cold or too warm indoors","kind":"field","severity":"warning",)"
        R"("device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","device_name":"Server room",)"
        R"("subject":"metrics.temperature_c","summary":"metrics.temperature_c is 33.4, outside 12 to 32.",)"
        R"("state":"acknowledged","count":1,"quarantined":false,"late":false,"raised_at":"2026-01-15T12:00:00Z",)"
        R"("last_raised_at":"2026-01-15T12:00:00Z","acknowledged_at":"2026-01-15T12:03:00Z",)"
        R"("acknowledged_by":"ada@example.com","resolved_at":null,"resolved_by":null,"note":"On my way",)"
        R"("simulated":false,"device_deleted":false})";
    static constexpr std::array notes{
        field_note{"id", "The alert's number, in the order of raising."},
        field_note{"rule_id", "The rule that raised it; null where that is gone."},
        field_note{"rule_name", "What the rule was called."},
        field_note{"kind", "What the rule is about."},
        field_note{"severity", "How much it matters."},
        field_note{"device_id", "Whose it is; null where it is of the server itself."},
        field_note{"device_name", "What that is called now, or was when it was deleted."},
        field_note{"subject", "What it is about: a field, an address, an account."},
        field_note{"summary", "A sentence."},
        field_note{"state", "`open`, `acknowledged` (somebody looks after it) or `resolved` (it is over)."},
        field_note{"count", "How often it was raised, or how many incidents it stands for."},
        field_note{"quarantined", "Whether it blocked the device."},
        field_note{
            "late",
            "Whether it was over before the server heard of it: the readings came late. Such an alert is "
            "`resolved` from the beginning."},
        field_note{"raised_at", "When it was raised first; of a field: when that was measured."},
        field_note{"last_raised_at", "When it was raised last."},
        field_note{"acknowledged_at", "When somebody said that they look after it."},
        field_note{"acknowledged_by", "Who: an e-mail address."},
        field_note{"resolved_at", "When it was over."},
        field_note{"resolved_by", "Who said so; null where it was over by itself."},
        field_note{"note", "What they said to it last."},
        field_note{"simulated", "Whether it was raised by what the simulator says."},
        field_note{"device_deleted", "Whether the device is gone: its alerts are for administrators."}};
};

template <>
struct about<dto::alert_summary_response> {
    static constexpr std::string_view name = "AlertSummary";
    static constexpr std::string_view description = "How many alerts aren't resolved.";
    static constexpr std::string_view example =
        R"({"open":3,"acknowledged":1,"critical":1,"warning":2,"info":1})";
    static constexpr std::array notes{
        field_note{"open", "Nobody looks after them yet."}, field_note{"acknowledged", "Somebody does."},
        field_note{"critical", "Of both together."}, field_note{"warning", "Of both together."},
        field_note{"info", "Of both together."}};
};

template <>
struct about<dto::alert_note_request> {
    static constexpr std::string_view name = "AlertNoteRequest";
    static constexpr std::string_view description = "What there is to say to an alert.";
    static constexpr std::string_view example = R"({"note":"On my way"})";
    static constexpr std::array notes{field_note{"note", "A sentence; absent: what was said before stays."}};
};

constexpr std::array rule_notes{
    field_note{"name", "What people call it."},
    field_note{"severity", "How much its alerts matter."},
    field_note{"enabled", "Whether it is watched; `true` where absent."},
    field_note{"category", "Only devices of this category; with `device_id` null as well: all."},
    field_note{"device_id", "Only this device."},
    field_note{"kind",
               "What it is about: `field`, what readings say; `silence`, that there are none; `security`, "
               "incidents of the audit log."},
    field_note{"field",
               "Of `field`: its name, as series and last values have it: `metrics.temperature_c`, `gps[0]`."},
    field_note{"test", "Of `field`: `above` high, `below` low, `outside` both, `changes_to` value, or "
                       "`changes_faster` than high a minute, up or down."},
    field_note{"low", "The lower limit."},
    field_note{"high", "The upper limit."},
    field_note{"value", "What it changes to: a string, a number, true or false."},
    field_note{
        "hysteresis",
        "How far back inside the limit the field must be for the alert to be over. With `outside` less than "
        "half of the range, with `changes_faster` less than the limit, else at most a hundred "
        "times it."},
    field_note{"hold_seconds",
               "For how long it must hold first: every reading that comes meanwhile says so."},
    field_note{"intervals",
               "Of `silence`: so many times the longest interval of the category, or the least one that the "
               "device's policy allows, where that is longer."},
    field_note{"incident",
               "Of `security`: what happened. `refused_logins`, `forged_tokens` and `wrong_device_secrets` "
               "are counted "
               "by address, `replayed_refresh_token` and `admin_probing` by user, `device_flood` by device. "
               "`password_spraying` counts the accounts that were tried with wrong passwords, wherever they "
               "came from; "
               "`device_probing` the devices of others that one user tried to reach."},
    field_note{"count", "Of `security`: so often, or so many accounts or devices; those are at most 1,000 …"},
    field_note{"within_seconds", "… within so many seconds."},
    field_note{
        "quarantine",
        "Whether it blocks the device, until an administrator lets it in again; `false` where absent."},
    field_note{"owner_may_release",
               "Whether the device's owner may let it in again, too; `false` where absent."}};
/// With what only a rule that is stored has.
constexpr auto stored_rule_notes = [] {
    std::array<field_note, rule_notes.size() + 3> all{};
    all.front() = {"id", "The rule's number."};
    std::ranges::copy(rule_notes, all.begin() + 1);
    all[all.size() - 2] = {"created_at", "When it was made."};
    all.back() = {"updated_at", "When it was changed last."};
    return all;
}();

/// What `to_domain` and `check` want of a rule, by its kind. As `if` and `then`, which tools that don't know
/// them leave alone.
constexpr std::string_view rule_of_a_field =
    R"({"required":["field","test"],"properties":{"field":{"type":"string"},"test":{"type":"string"}},)"
    R"("if":{"properties":{"test":{"const":"changes_to"}}},)"
    R"("then":{"required":["value"],"properties":{"value":{"type":["string","number","boolean"]}}},)"
    R"("else":{"if":{"properties":{"test":{"const":"below"}}},)"
    R"("then":{"required":["low"],"properties":{"low":{"type":"number"}}},)"
    R"("else":{"if":{"properties":{"test":{"const":"outside"}}},)"
    R"("then":{"required":["low","high"],"properties":{"low":{"type":"number"},"high":{"type":"number"}}},)"
    R"("else":{"required":["high"],"properties":{"high":{"type":"number"}}}}}})";
constexpr std::string_view rule_of_silence =
    R"({"required":["intervals"],"properties":{"intervals":{"type":"integer"},"quarantine":{"enum":[false,null]}}})";
constexpr std::string_view rule_of_security =
    R"({"required":["incident","count","within_seconds"],"properties":{"incident":{"type":"string"},)"
    R"("count":{"type":"integer"},"within_seconds":{"type":"integer"}},)"
    R"("if":{"properties":{"incident":{"const":"device_flood"}}},"then":true,)"
    R"("else":{"properties":{"category":{"type":"null"},"device_id":{"type":"null"},"quarantine":{"enum":[false,null]}},)"
    R"("if":{"properties":{"incident":{"enum":["password_spraying","device_probing"]}}},)"
    R"("then":{"properties":{"count":{"maximum":1000}}}}})";
static_assert(max_rule_things == 1000);

/// A rule is for a category or for a device, not for both.
constexpr std::string_view rule_of_both =
    R"({"required":["category","device_id"],"properties":{"category":{"type":"string"},"device_id":{"type":"string"}}})";

std::string rule_otherwise() {
    return fmt::format(R"({{"if":{{"properties":{{"kind":{{"const":"silence"}}}}}},"then":{},"else":{}}})",
                       rule_of_silence, rule_of_security);
}

template <>
struct about<dto::alert_rule_request> {
    static constexpr std::string_view name = "AlertRuleRequest";
    static constexpr std::string_view description = "When there is to be an alert.";
    static constexpr std::string_view example =
        R"({"name":"Server room is warm","severity":"critical","category":"indoor_thermometer","kind":"field",)"
        R"("field":"metrics.temperature_c","test":"above","high":27,"hysteresis":1,"hold_seconds":120})";
    static constexpr auto notes = rule_notes;
};

template <>
struct about<dto::alert_rule_response> {
    static constexpr std::string_view name = "AlertRule";
    static constexpr std::string_view description = "A rule; members that its kind doesn't have are null.";
    static constexpr std::string_view example =
        R"({"id":16,"name":"Server room is warm","severity":"critical","enabled":true,)"
        R"("category":"indoor_thermometer","device_id":null,"kind":"field","field":"metrics.temperature_c",)"
        R"("test":"above","low":null,"high":27,"value":null,"hysteresis":1,"hold_seconds":120,"intervals":null,)"
        R"("incident":null,"count":null,"within_seconds":null,"quarantine":false,"owner_may_release":false,)"
        R"("created_at":"2026-01-15T12:00:00Z","updated_at":"2026-01-15T12:00:00Z"})";
    static constexpr auto notes = stored_rule_notes;
};

template <>
struct about<dto::alert_list_query> {
    static constexpr std::array notes{
        field_note{"limit", "How many at most."},
        field_note{"cursor", "Where the page before this one ended, as its answer said."},
        field_note{"state", "Only those in this state; `live`: not resolved."},
        field_note{"severity", "Only those that matter so much."},
        field_note{"device_id", "Only those of this device."},
        field_note{"rule_id", "Only those of this rule."}};
};

template result<dto::alert_note_request> parse(std::string_view);
template result<dto::alert_rule_request> parse(std::string_view);
template result<dto::alert_list_query> parse_query(std::string_view);
template std::vector<http::parameter> query_parameters<dto::alert_list_query>();
template void write(std::string&, const dto::alert_response&);
template void write(std::string&, const std::vector<dto::alert_response>&);
template void write(std::string&, const dto::alert_summary_response&);
template void write(std::string&, const dto::alert_rule_response&);
template void write(std::string&, const std::vector<dto::alert_rule_response>&);

} // namespace breakwater::api::schema

void breakwater::api::dto::add_alert_components(std::vector<http::component>& to) {
    using schema::component_of;
    using schema::direction;
    to.push_back(component_of<alert_response>(direction::response));
    to.push_back(component_of<alert_summary_response>(direction::response));
    to.push_back(component_of<alert_note_request>(direction::request));
    http::component& rule = to.emplace_back(component_of<alert_rule_request>(direction::request));
    schema::add_keyword(rule.schema, "if", R"({"properties":{"kind":{"const":"field"}}})");
    schema::add_keyword(rule.schema, "then", schema::rule_of_a_field);
    schema::add_keyword(rule.schema, "else", schema::rule_otherwise());
    schema::add_keyword(rule.schema, "not", schema::rule_of_both);
    to.push_back(component_of<alert_rule_response>(direction::response));
}

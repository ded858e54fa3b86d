#include "domain/alert_rule.hpp"

#include "base/json_text.hpp"
#include "base/utf8.hpp"
#include "domain/field_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace breakwater {

namespace {

result<void> refuse(std::string detail) {
    return fail(errc::invalid_input, std::move(detail));
}

bool is_scalar(std::string_view text) {
    const auto read = read_json(text);
    return read && read->text == text && read->kind != json_kind::object && read->kind != json_kind::array &&
           read->kind != json_kind::null;
}

/// Of a single limit: whoever means more than that mistook a digit, and the alert would never be over.
result<void> check_hysteresis(double hysteresis, double limit) {
    if (hysteresis > max_rule_hysteresis * std::max(1.0, std::abs(limit)))
        return refuse(
            fmt::format("hysteresis must be at most {} times the limit ({} where that is less than 1).",
                        max_rule_hysteresis, max_rule_hysteresis));
    return {};
}

result<void> check_limits(const field_condition& when) {
    if (!std::isfinite(when.low) || !std::isfinite(when.high) || !std::isfinite(when.hysteresis) ||
        when.hysteresis < 0)
        return refuse("Limits must be numbers, and hysteresis at least 0.");
    switch (when.test) {
    case field_test::outside:
        if (when.low >= when.high)
            return refuse("low must be less than high.");
        // Halves, since a difference of two doubles may be too much for one.
        if (when.hysteresis >= when.high / 2 - when.low / 2)
            return refuse(
                "hysteresis must be less than half of what is between low and high: else the alert would "
                "never be over.");
        return {};
    case field_test::changes_faster:
        if (when.high <= 0 || when.hysteresis >= when.high)
            return refuse("The limit of a rate must be more than 0, and hysteresis less than it.");
        return {};
    case field_test::changes_to:
        if (when.value.size() > max_rule_value_length || !is_scalar(when.value))
            return refuse(fmt::format("value must be a text, a number, true or false, of at most {} bytes.",
                                      max_rule_value_length));
        if (when.hysteresis != 0)
            return refuse("hysteresis goes with limits, not with a value.");
        return {};
    case field_test::above: return check_hysteresis(when.hysteresis, when.high);
    case field_test::below: return check_hysteresis(when.hysteresis, when.low);
    }
    return {};
}

/// One that no reading can have would never be seen.
result<void> check_field(std::string_view field) {
    if (field.size() > max_rule_field_length)
        return refuse(fmt::format("field must have at most {} bytes.", max_rule_field_length));
    if (const auto path = parse_field_name(field); !path)
        return refuse("field isn't the name of one. " + path.error().detail);
    return {};
}

result<void> check_condition(const alert_rule&, const field_condition& when) {
    if (auto named = check_field(when.field); !named)
        return named;
    if (when.hold < std::chrono::seconds{0} || when.hold > max_rule_hold)
        return refuse("hold must be between 0 and 24 hours.");
    return check_limits(when);
}

result<void> check_condition(const alert_rule& rule, const silence_condition& when) {
    if (when.intervals < 1 || when.intervals > max_rule_intervals)
        return refuse(fmt::format("intervals must be between 1 and {}.", max_rule_intervals));
    if (rule.quarantine)
        return refuse("A device that says nothing is no reason to block it.");
    return {};
}

result<void> check_condition(const alert_rule& rule, const security_condition& when) {
    if (when.count < 1 || when.count > max_rule_incidents)
        return refuse(fmt::format("count must be between 1 and {}.", max_rule_incidents));
    if (counts_things(when.incident) && when.count > max_rule_things)
        return refuse(fmt::format("count must be at most {}: distinct things are counted.", max_rule_things));
    if (when.within < std::chrono::seconds{1} || when.within > max_rule_window)
        return refuse("within must be between 1 second and 24 hours.");
    if (when.incident == incident_kind::device_flood)
        return {};
    if (rule.category || rule.device)
        return refuse("Such incidents are of no device: the rule can't be for one, nor for a category.");
    if (rule.quarantine)
        return refuse("Such incidents are of no device: there is none to block.");
    return {};
}

} // namespace

std::string_view to_string(alert_severity value) noexcept {
    switch (value) {
    case alert_severity::info: return "info";
    case alert_severity::warning: return "warning";
    case alert_severity::critical: return "critical";
    }
    return "warning";
}

std::string_view to_string(field_test value) noexcept {
    switch (value) {
    case field_test::above: return "above";
    case field_test::below: return "below";
    case field_test::outside: return "outside";
    case field_test::changes_to: return "changes_to";
    case field_test::changes_faster: return "changes_faster";
    }
    return "above";
}

std::string_view to_string(incident_kind value) noexcept {
    switch (value) {
    case incident_kind::refused_logins: return "refused_logins";
    case incident_kind::replayed_refresh_token: return "replayed_refresh_token";
    case incident_kind::forged_tokens: return "forged_tokens";
    case incident_kind::device_flood: return "device_flood";
    case incident_kind::password_spraying: return "password_spraying";
    case incident_kind::device_probing: return "device_probing";
    case incident_kind::admin_probing: return "admin_probing";
    case incident_kind::wrong_device_secrets: return "wrong_device_secrets";
    }
    return "refused_logins";
}

std::string_view to_string(alert_kind value) noexcept {
    switch (value) {
    case alert_kind::field: return "field";
    case alert_kind::silence: return "silence";
    case alert_kind::security: return "security";
    }
    return "field";
}

bool same_watch(const alert_rule& one, const alert_rule& other) noexcept {
    return one.enabled == other.enabled && one.category == other.category && one.device == other.device &&
           one.when == other.when;
}

result<void> check(const alert_rule& rule) {
    if (rule.name.empty() || count_characters(rule.name) > max_rule_name_length)
        return refuse(fmt::format("name must have 1 to {} characters.", max_rule_name_length));
    if (rule.category && rule.device)
        return refuse("A rule is for a category or for a device, not for both.");
    return std::visit([&rule](const auto& when) { return check_condition(rule, when); }, rule.when);
}

} // namespace breakwater

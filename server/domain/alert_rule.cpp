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
    const auto document = read_json(text);
    return document && document->text == text && document->kind != json_kind::object &&
           document->kind != json_kind::array && document->kind != json_kind::null;
}

/// For tests with one limit. A larger hysteresis is a typing mistake: the alert would never resolve.
result<void> check_hysteresis(double hysteresis, double limit) {
    if (hysteresis > max_rule_hysteresis * std::max(1.0, std::abs(limit)))
        return refuse(
            fmt::format("hysteresis must be at most {} times the limit ({} if the limit is less than 1).",
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
        // Halved before subtracting, because the difference of two doubles can overflow.
        if (when.hysteresis >= when.high / 2 - when.low / 2)
            return refuse(
                "hysteresis must be less than half of the range from low to high; otherwise the alert would "
                "never resolve.");
        return {};
    case field_test::changes_faster:
        if (when.high <= 0 || when.hysteresis >= when.high)
            return refuse("The limit of a rate must be more than 0, and hysteresis less than the limit.");
        return {};
    case field_test::changes_to:
        if (when.value.size() > max_rule_value_length || !is_scalar(when.value))
            return refuse(fmt::format("value must be text, a number, true or false, of at most {} bytes.",
                                      max_rule_value_length));
        if (when.hysteresis != 0)
            return refuse("hysteresis applies to limits, not to a value; remove it.");
        return {};
    case field_test::above: return check_hysteresis(when.hysteresis, when.high);
    case field_test::below: return check_hysteresis(when.hysteresis, when.low);
    }
    return {};
}

/// Refuses a field name that no reading can have.
result<void> check_field(std::string_view field) {
    if (field.size() > max_rule_field_length)
        return refuse(fmt::format("field must have at most {} bytes.", max_rule_field_length));
    if (const auto path = parse_field_name(field); !path)
        return refuse("field is not a valid field name. " + path.error().detail);
    return {};
}

result<void> check_condition(const alert_rule&, const field_condition& when) {
    if (auto checked = check_field(when.field); !checked)
        return checked;
    if (when.hold < std::chrono::seconds{0} || when.hold > max_rule_hold)
        return refuse("hold must be between 0 and 24 hours.");
    return check_limits(when);
}

result<void> check_condition(const alert_rule& rule, const silence_condition& when) {
    if (when.intervals < 1 || when.intervals > max_rule_intervals)
        return refuse(fmt::format("intervals must be between 1 and {}.", max_rule_intervals));
    if (rule.quarantine)
        return refuse("A rule for silence cannot block the device; remove quarantine.");
    return {};
}

result<void> check_condition(const alert_rule& rule, const security_condition& when) {
    if (when.count < 1 || when.count > max_rule_incidents)
        return refuse(fmt::format("count must be between 1 and {}.", max_rule_incidents));
    if (counts_distinct_subjects(when.incident) && when.count > max_rule_distinct_count)
        return refuse(fmt::format("count must be at most {} for {}: it counts distinct accounts or devices.",
                                  max_rule_distinct_count, to_string(when.incident)));
    if (when.within < std::chrono::seconds{1} || when.within > max_rule_window)
        return refuse("within must be between 1 second and 24 hours.");
    if (when.incident == incident_kind::device_flood)
        return {};
    if (rule.category || rule.device)
        return refuse("These incidents do not belong to a device; remove device and category from the rule.");
    if (rule.quarantine)
        return refuse("These incidents do not belong to a device that can be blocked; remove quarantine.");
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

bool raises_same_alerts(const alert_rule& one, const alert_rule& other) noexcept {
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

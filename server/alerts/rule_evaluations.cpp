#include "alerts/rule_evaluations.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <charconv>

namespace breakwater::alerts {

namespace {

constexpr std::size_t max_value_length = 60; ///< bytes of a device's value in a summary

std::string shortened(std::string_view value) {
    if (value.size() <= max_value_length)
        return std::string{value};
    std::size_t cut = max_value_length;
    while (cut > 0 && (static_cast<unsigned char>(value[cut]) & 0xC0U) == 0x80U)
        --cut;
    return std::string{value.substr(0, cut)} + "…";
}

/// The value of a field for people: a number in its usual form, not as the device wrote it (3.1E1).
std::string value_of(std::string_view token) {
    double number = 0;
    const auto [parsed_end, parse_error] = std::from_chars(token.data(), token.data() + token.size(), number);
    if (parse_error == std::errc{} && parsed_end == token.data() + token.size())
        return fmt::format("{}", number);
    return shortened(token);
}

std::string limit_of(const field_condition& condition) {
    switch (condition.test) {
    case field_test::above: return fmt::format(", above {}", condition.high);
    case field_test::below: return fmt::format(", below {}", condition.low);
    case field_test::outside: return fmt::format(", outside {} to {}", condition.low, condition.high);
    case field_test::changes_faster:
        return fmt::format(", and changes by more than {} per minute", condition.high);
    case field_test::changes_to: break;
    }
    return {};
}

std::string quantity(std::size_t count, std::string_view singular, std::string_view plural) {
    return fmt::format("{} {}", count, count == 1 ? singular : plural);
}

std::string sentence_of(const incident_transition& transition) {
    const incident_key& incident = transition.key;
    const std::int64_t count = transition.count;
    const std::string_view or_more = transition.truncated ? " or more" : "";
    switch (incident.kind) {
    case incident_kind::refused_logins:
        return fmt::format("{} refused sign-ins from {}.", count, shortened(incident.subject));
    case incident_kind::replayed_refresh_token:
        return fmt::format("A refresh token of {} was used again: somebody has a copy of it.",
                           shortened(incident.subject));
    case incident_kind::forged_tokens:
        return fmt::format("{} forged tokens from {}.", count, shortened(incident.subject));
    case incident_kind::device_flood: return fmt::format("{} readings of the device were refused.", count);
    case incident_kind::password_spraying:
        return fmt::format("Wrong passwords for {}{}, from {}.",
                           quantity(transition.targets, "account", "accounts"), or_more,
                           quantity(transition.networks, "network", "networks"));
    case incident_kind::device_probing:
        return fmt::format("{} tried to reach {}{} of other people.", shortened(incident.subject),
                           quantity(transition.targets, "device", "devices"), or_more);
    case incident_kind::admin_probing:
        return fmt::format("{} administrators' calls by {} were refused.", count,
                           shortened(incident.subject));
    case incident_kind::wrong_device_secrets:
        return fmt::format("{} wrong device secrets from {}, for {}{}.", count, shortened(incident.subject),
                           quantity(transition.targets, "device", "devices"), or_more);
    }
    return {};
}

} // namespace

rule_evaluation evaluation_of(const field_transition& transition) {
    const auto& condition = std::get<field_condition>(transition.rule.when);
    rule_evaluation out{.rule = transition.rule.id,
                        .device = transition.device,
                        .subject = condition.field,
                        .cleared = transition.kind == alerts::transition::cleared,
                        .at = transition.at};
    if (out.cleared)
        return out;
    const bool late = transition.kind == alerts::transition::late;
    out.evaluated_rule = transition.rule;
    out.summary = fmt::format("{} {} {}{}", condition.field, late ? "was" : "is", value_of(transition.value),
                              limit_of(condition));
    if (condition.hold > std::chrono::seconds{0})
        out.summary += fmt::format(", and {} been for {}", late ? "had" : "has", condition.hold);
    if (late) {
        out.summary += "; the reading arrived late";
        out.count = transition.times;
        out.late_until = transition.until;
    }
    out.summary += '.';
    return out;
}

rule_evaluation evaluation_of(const silence_transition& transition, timestamp now) {
    rule_evaluation out{.rule = transition.rule.id,
                        .device = transition.device,
                        .subject = "silence",
                        .cleared = !transition.silent,
                        .at = now};
    if (out.cleared)
        return out;
    out.evaluated_rule = transition.rule;
    out.summary = fmt::format("No reading for more than {}.", transition.limit);
    return out;
}

rule_evaluation evaluation_of(const incident_transition& transition, timestamp now) {
    return {.rule = transition.rule.id,
            .evaluated_rule = transition.rule,
            .device = transition.key.device,
            .subject = transition.key.subject,
            .summary = sentence_of(transition),
            .count = transition.count,
            .at = now};
}

} // namespace breakwater::alerts

#include "alerts/findings.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <charconv>

namespace breakwater::alerts {

namespace {

constexpr std::size_t longest_value = 60; ///< of what a device said, in a sentence

std::string shown(std::string_view value) {
    if (value.size() <= longest_value)
        return std::string{value};
    std::size_t end = longest_value;
    while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0U) == 0x80U)
        --end;
    return std::string{value.substr(0, end)} + "…";
}

/// What a field said, for people: numbers as they are written, not as they were spelled (3.1E1).
std::string value_of(std::string_view token) {
    double number = 0;
    const auto [end, failure] = std::from_chars(token.data(), token.data() + token.size(), number);
    if (failure == std::errc{} && end == token.data() + token.size())
        return fmt::format("{}", number);
    return shown(token);
}

std::string limit_of(const field_condition& when) {
    switch (when.test) {
    case field_test::above: return fmt::format(", above {}", when.high);
    case field_test::below: return fmt::format(", below {}", when.low);
    case field_test::outside: return fmt::format(", outside {} to {}", when.low, when.high);
    case field_test::changes_faster: return fmt::format(", and changes by more than {} a minute", when.high);
    case field_test::changes_to: break;
    }
    return {};
}

std::string counted(std::size_t count, std::string_view one, std::string_view more) {
    return fmt::format("{} {}", count, count == 1 ? one : more);
}

std::string sentence_of(const incident_turn& turn) {
    const incident& what = turn.what;
    const std::int64_t count = turn.count;
    const std::string_view or_more = turn.and_more ? " or more" : "";
    switch (what.kind) {
    case incident_kind::refused_logins:
        return fmt::format("{} refused sign-ins from {}.", count, shown(what.subject));
    case incident_kind::replayed_refresh_token:
        return fmt::format("A refresh token of {} was used again: somebody has a copy of it.",
                           shown(what.subject));
    case incident_kind::forged_tokens:
        return fmt::format("{} forged tokens from {}.", count, shown(what.subject));
    case incident_kind::device_flood: return fmt::format("{} readings of the device were refused.", count);
    case incident_kind::password_spraying:
        return fmt::format("Wrong passwords for {}{}, from {}.", counted(turn.things, "account", "accounts"),
                           or_more, counted(turn.places, "network", "networks"));
    case incident_kind::device_probing:
        return fmt::format("{} tried to reach {}{} of other people.", shown(what.subject),
                           counted(turn.things, "device", "devices"), or_more);
    case incident_kind::admin_probing:
        return fmt::format("{} administrators' calls by {} were refused.", count, shown(what.subject));
    case incident_kind::wrong_device_secrets:
        return fmt::format("{} wrong device secrets from {}, for {}{}.", count, shown(what.subject),
                           counted(turn.things, "device", "devices"), or_more);
    }
    return {};
}

} // namespace

alert_finding finding_of(const field_turn& turn) {
    const auto& when = std::get<field_condition>(turn.rule.when);
    alert_finding out{.rule = turn.rule.id,
                      .device = turn.device,
                      .subject = when.field,
                      .over = turn.what == alerts::turn::cleared,
                      .at = turn.at};
    if (out.over)
        return out;
    const bool late = turn.what == alerts::turn::late;
    out.watched = turn.rule;
    out.summary =
        fmt::format("{} {} {}{}", when.field, late ? "was" : "is", value_of(turn.value), limit_of(when));
    if (when.hold > std::chrono::seconds{0})
        out.summary += fmt::format(", and {} been for {}", late ? "had" : "has", when.hold);
    if (late) {
        out.summary += "; the reading came late";
        out.count = turn.times;
        out.late_until = turn.until;
    }
    out.summary += '.';
    return out;
}

alert_finding finding_of(const silence_turn& turn, timestamp now) {
    alert_finding out{
        .rule = turn.rule.id, .device = turn.device, .subject = "silence", .over = !turn.silent, .at = now};
    if (out.over)
        return out;
    out.watched = turn.rule;
    out.summary = fmt::format("No reading for more than {}.", turn.limit);
    return out;
}

alert_finding finding_of(const incident_turn& turn, timestamp now) {
    return {.rule = turn.rule.id,
            .watched = turn.rule,
            .device = turn.what.device,
            .subject = turn.what.subject,
            .summary = sentence_of(turn),
            .count = turn.count,
            .at = now};
}

} // namespace breakwater::alerts

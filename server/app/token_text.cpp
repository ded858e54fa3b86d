#include "app/token_text.hpp"

#include "base/calendar.hpp"
#include "base/integer.hpp"
#include "base/time.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <utility>

namespace breakwater::app {

namespace {

/// A duration in its two largest units.
std::string duration_text(std::int64_t seconds) {
    constexpr std::array<std::pair<std::int64_t, std::string_view>, 4> units{
        {{86'400, "d"}, {3'600, "h"}, {60, "min"}, {1, "s"}}};
    std::string out;
    for (int shown = 0; const auto& [length, unit] : units) {
        const std::int64_t count = seconds / length;
        seconds %= length;
        if (shown == 0 && count == 0 && length > 1)
            continue;
        if (shown == 2 || (shown == 1 && count == 0))
            break;
        ++shown;
        out += fmt::format("{}{} {}", out.empty() ? "" : " ", count, unit);
    }
    return out;
}

} // namespace

std::optional<std::int64_t> number_of(const json_document& claims, std::string_view name) {
    const auto* member = claims.find(name);
    if (member == nullptr || member->kind != json_kind::number)
        return std::nullopt;
    return parse_integer(claims.value(*member));
}

std::optional<std::string> text_of(const json_document& claims, std::string_view name) {
    const auto* member = claims.find(name);
    if (member == nullptr || member->kind != json_kind::string)
        return std::nullopt;
    return unescape_json_string(claims.value(*member));
}

std::string describe_time(std::int64_t seconds, timestamp now) {
    const auto at = std::chrono::floor<std::chrono::seconds>(from_unix_seconds(seconds));
    if (at.time_since_epoch().count() != seconds)
        return "outside the years 1 to 9999";
    const auto offset = (at - std::chrono::floor<std::chrono::seconds>(now)).count();
    const std::string text = format_rfc3339(at);
    if (offset == 0)
        return text + ", now";
    return offset > 0 ? fmt::format("{}, in {}", text, duration_text(offset))
                      : fmt::format("{}, {} ago", text, duration_text(-offset));
}

} // namespace breakwater::app

#include "base/time_format.hpp"

#include "base/calendar.hpp"
#include "base/time.hpp"

#include <date/date.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <sstream>

namespace breakwater {

namespace {

using std::chrono::microseconds;

/// The first UTC time at which the zone's clocks showed `local`; nothing if they never did.
std::optional<timestamp> first_time_of(timestamp local, const time_zone& zone) {
    std::optional<timestamp> first;
    // Clocks do not change twice within two days.
    for (const auto around : {-std::chrono::days{1}, std::chrono::days{1}}) {
        const timestamp at = shifted(local, -zone.at(shifted(local, around)).utc_offset);
        if (shifted(at, zone.at(at).utc_offset) == local)
            first = std::min(first.value_or(at), at);
    }
    return first;
}

/// The conversion letter after each `%`, without modifiers.
std::string conversions_of(std::string_view pattern) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    std::string out;
    for (std::size_t at = pattern.find('%'); at < pattern.size(); at = pattern.find('%', at + 1)) {
        ++at;
        while (at < pattern.size() && (pattern[at] == 'E' || pattern[at] == 'O' || is_digit(pattern[at])))
            ++at;
        if (at < pattern.size())
            out += pattern[at];
    }
    return out;
}

} // namespace

result<time_format> time_format::parse(std::string_view spelling, const time_zone& zone) {
    time_format parsed;
    parsed.zone_ = zone;
    for (const auto& [name, kind] :
         {std::pair{"seconds", kind::seconds}, std::pair{"milliseconds", kind::milliseconds},
          std::pair{"microseconds", kind::microseconds}})
        if (spelling == name) {
            parsed.kind_ = kind;
            return parsed;
        }
    if (spelling.size() > max_length)
        return fail(errc::invalid_input, fmt::format("A pattern has at most {} bytes.", max_length));
    parsed.kind_ = kind::pattern;
    parsed.pattern_ = spelling;
    const std::string conversions = conversions_of(spelling);
    const auto has = [&](std::string_view letters) {
        return conversions.find_first_of(letters) != conversions.npos;
    };
    parsed.has_offset_ = has("z");
    if (has("Z"))
        return fail(errc::invalid_input, "A zone name (%Z) cannot be read; use --time-zone, or read an "
                                         "offset with %z or %Ez.");
    // The library accepts day 366 in every year, and day 0.
    if (has("j"))
        return fail(errc::invalid_input, "The day of the year (%j) is not supported; use %m and %d.");
    if (!has("FDxcs") && !(has("YyG") && has("mbBh") && has("de")))
        return fail(errc::invalid_input,
                    "The pattern must contain a full date, such as %d.%m.%Y, or be one of seconds, "
                    "milliseconds, microseconds.");
    return parsed;
}

std::optional<timestamp> time_format::read(std::string_view text) const {
    switch (kind_) {
    case kind::lenient: return parse_lenient_time(text);
    case kind::seconds: return parse_unix_time(text, epoch_unit::seconds);
    case kind::milliseconds: return parse_unix_time(text, epoch_unit::milliseconds);
    case kind::microseconds: return parse_unix_time(text, epoch_unit::microseconds);
    case kind::pattern: break;
    }
    std::istringstream stream{std::string{text}};
    date::local_time<microseconds> local{};
    std::chrono::minutes offset{0};
    date::from_stream(stream, pattern_.c_str(), local, static_cast<std::string*>(nullptr), &offset);
    if (stream.fail() || stream.peek() != std::istringstream::traits_type::eof())
        return std::nullopt;
    const timestamp shown{local.time_since_epoch()};
    if (!is_in_calendar(shown) || offset <= -std::chrono::days{1} || offset >= std::chrono::days{1})
        return std::nullopt;
    const auto at = has_offset_ ? std::optional{shifted(shown, -offset)} : first_time_of(shown, zone_);
    return at && is_in_calendar(*at) ? at : std::nullopt;
}

} // namespace breakwater

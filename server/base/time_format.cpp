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

/// When the clocks of the zone showed that; nothing where they never did.
std::optional<timestamp> first_time_of(timestamp local, const time_zone& zone) {
    std::optional<timestamp> first;
    // Clocks don't change twice within two days.
    for (const auto around : {-std::chrono::days{1}, std::chrono::days{1}}) {
        const timestamp at = shifted(local, -zone.at(shifted(local, around)).ahead);
        if (shifted(at, zone.at(at).ahead) == local)
            first = std::min(first.value_or(at), at);
    }
    return first;
}

/// The letters behind each `%`, without modifiers.
std::string conversions_of(std::string_view pattern) {
    const auto is_digit = [](char each) { return each >= '0' && each <= '9'; };
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

result<time_format> time_format::of(std::string_view spelling, const time_zone& zone) {
    time_format made;
    made.zone_ = zone;
    for (const auto& [name, kind] :
         {std::pair{"seconds", kind::seconds}, std::pair{"milliseconds", kind::milliseconds},
          std::pair{"microseconds", kind::microseconds}})
        if (spelling == name) {
            made.kind_ = kind;
            return made;
        }
    if (spelling.size() > max_length)
        return fail(errc::invalid_input, fmt::format("A pattern has at most {} bytes.", max_length));
    made.kind_ = kind::pattern;
    made.pattern_ = spelling;
    const std::string conversions = conversions_of(spelling);
    const auto has = [&](std::string_view letters) {
        return conversions.find_first_of(letters) != conversions.npos;
    };
    made.has_offset_ = has("z");
    if (has("Z"))
        return fail(errc::invalid_input, "A zone's name (%Z) tells no time; give --time-zone, or read an "
                                         "offset by %z or %Ez.");
    // The library takes day 366 of any year, and day 0.
    if (has("j"))
        return fail(errc::invalid_input, "The day of the year (%j) isn't read; %m and %d are.");
    if (!has("FDxcs") && !(has("YyG") && has("mbBh") && has("de")))
        return fail(errc::invalid_input,
                    "The pattern must tell a day, as %d.%m.%Y does; or be one of seconds, milliseconds, "
                    "microseconds.");
    return made;
}

std::optional<timestamp> time_format::read(std::string_view text) const {
    switch (kind_) {
    case kind::lenient: return parse_lenient_time(text);
    case kind::seconds: return time_of_number(text, epoch_unit::seconds);
    case kind::milliseconds: return time_of_number(text, epoch_unit::milliseconds);
    case kind::microseconds: return time_of_number(text, epoch_unit::microseconds);
    case kind::pattern: break;
    }
    std::istringstream from{std::string{text}};
    date::local_time<microseconds> local{};
    std::chrono::minutes offset{0};
    date::from_stream(from, pattern_.c_str(), local, static_cast<std::string*>(nullptr), &offset);
    if (from.fail() || from.peek() != std::istringstream::traits_type::eof())
        return std::nullopt;
    const timestamp shown{local.time_since_epoch()};
    if (!is_in_calendar(shown) || offset <= -std::chrono::days{1} || offset >= std::chrono::days{1})
        return std::nullopt;
    const auto at = has_offset_ ? std::optional{shifted(shown, -offset)} : first_time_of(shown, zone_);
    return at && is_in_calendar(*at) ? at : std::nullopt;
}

} // namespace breakwater

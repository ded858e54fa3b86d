#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater {

/// RFC 3339 in UTC with a `Z` and six decimals (none where they are zero): `2026-11-23T21:32:47.120000Z`. A
/// time that isn't in the calendar has no spelling: its nearest end is written.
[[nodiscard]] std::string format_rfc3339(timestamp at);
void append_rfc3339(std::string& out, timestamp at);

/// Reads an RFC 3339 date-time (section 5.6). Any offset is taken; none at all means UTC (the contract). The
/// `T` may be a space, letters may be lower case, decimals beyond the microsecond are cut, a leap second is
/// taken as the second after. Nothing where the text is anything else, or outside the years 0001 to 9999.
[[nodiscard]] std::optional<timestamp> parse_rfc3339(std::string_view text);

/// Reads the times that people and other systems write, at the doors only (uploads, imports, filters); what
/// this server wrote is read by `parse_rfc3339`. Beyond RFC 3339 it takes: a date alone (its midnight); times
/// without seconds; `,` before decimals; offsets as `+0100` and `+01`, and a space before an offset; and
/// numbers as `time_of_number` has them.
[[nodiscard]] std::optional<timestamp> parse_lenient_time(std::string_view text);

enum class epoch_unit : std::uint8_t { by_size, seconds, milliseconds, microseconds };

/// The time that a decimal number (`1768478400`, `1768478400.25`) counts from 1970 on. `by_size`: seconds
/// below 10^11 (until the year 5138), from there on milliseconds, from 10^14 on microseconds, from 10^17 on
/// nanoseconds. Decimals beyond the microsecond are cut. Nothing where the text is no such number (a sign or
/// an exponent makes it none), has fewer than nine digits before the point (a year, or how long a device has
/// run, more likely than a day before 1973), or is outside the calendar.
[[nodiscard]] std::optional<timestamp> time_of_number(std::string_view text,
                                                      epoch_unit unit = epoch_unit::by_size);

} // namespace breakwater

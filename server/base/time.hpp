#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater {

/// RFC 3339 in UTC with a `Z` and six decimals (none if they are zero): `2026-11-23T21:32:47.120000Z`. A time
/// outside the calendar (base/calendar.hpp) is clamped to it.
[[nodiscard]] std::string format_rfc3339(timestamp at);
void append_rfc3339(std::string& out, timestamp at);

/// Reads an RFC 3339 date-time (section 5.6) with any offset; without an offset it is UTC (the API contract).
/// The `T` may be a space, and letters may be lower case. Decimals beyond the microsecond are cut off, and a
/// leap second is read as the next second. Nothing if the text has another form or is outside the years 0001
/// to 9999.
[[nodiscard]] std::optional<timestamp> parse_rfc3339(std::string_view text);

/// Reads times that people and other systems write. Only for input (uploads, imports, filters); use
/// `parse_rfc3339` for times that this server wrote. In addition to RFC 3339 it accepts: a date alone (read
/// as midnight); times without seconds; `,` before decimals; the offsets `+0100` and `+01`; a space before an
/// offset; and the numbers of `parse_unix_time`.
[[nodiscard]] std::optional<timestamp> parse_lenient_time(std::string_view text);

enum class epoch_unit : std::uint8_t { by_size, seconds, milliseconds, microseconds };

/// Reads a decimal number (`1768478400`, `1768478400.25`) as a time since 1970. `by_size` derives the unit:
/// seconds below 10^11 (the year 5138), then milliseconds, microseconds from 10^14, nanoseconds from 10^17.
/// Decimals beyond the microsecond are cut off. Nothing if the text has another form (a sign or an exponent),
/// is outside the calendar or, with `by_size`, has fewer than nine digits before the point: then it is more
/// likely a year or an uptime than a day before 1973.
[[nodiscard]] std::optional<timestamp> parse_unix_time(std::string_view text,
                                                       epoch_unit unit = epoch_unit::by_size);

} // namespace breakwater

#pragma once

#include "base/clock.hpp"

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

} // namespace breakwater

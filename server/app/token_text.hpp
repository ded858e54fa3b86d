#pragma once

#include "base/clock.hpp"
#include "base/json_text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::app {

/// The integer value of a member; empty if the member is missing or is not an integer.
[[nodiscard]] std::optional<std::int64_t> number_of(const json_document& claims, std::string_view name);
/// The string value of a member; empty if the member is missing or is not a string.
[[nodiscard]] std::optional<std::string> text_of(const json_document& claims, std::string_view name);

/// Describes seconds since 1970: `2026-11-23T21:32:47Z, in 14 min 20 s` or `…, 3 d 2 h ago`, or a note if the
/// time is outside the years 1 to 9999.
[[nodiscard]] std::string describe_time(std::int64_t seconds, timestamp now);

} // namespace breakwater::app

#pragma once

#include "base/clock.hpp"
#include "base/json_text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::app {

/// A member's whole number; nothing where it is missing or anything else.
[[nodiscard]] std::optional<std::int64_t> number_of(const json_document& claims, std::string_view name);
/// A member's text.
[[nodiscard]] std::optional<std::string> text_of(const json_document& claims, std::string_view name);

/// `2026-11-23T21:32:47Z, in 14 min 20 s` or `…, 3 d 2 h ago`; of seconds since 1970 outside the years 1 to
/// 9999 it says so.
[[nodiscard]] std::string describe_time(std::int64_t seconds, timestamp now);

} // namespace breakwater::app

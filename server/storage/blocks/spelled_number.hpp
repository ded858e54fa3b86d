#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::storage::blocks {

/// A JSON number and its spelling, without the decimal point: `-20.50` is {-2050, 2}.
struct spelled_number {
    std::int64_t digits = 0;
    unsigned decimals = 0;
};

inline constexpr unsigned max_digits = 18; ///< always fits into std::int64_t

/// Empty if `append_number` could give another text: for an exponent, a negative zero, more than `max_digits`
/// digits, or a text that is not a number.
[[nodiscard]] std::optional<spelled_number> read_number(std::string_view text) noexcept;
void append_number(std::string& out, spelled_number value);

/// Number of trailing decimal zeros of `digits`, at most `limit`. For 0 it is `limit`.
[[nodiscard]] unsigned trailing_zeros(std::int64_t digits, unsigned limit) noexcept;

/// REQUIRES: `exponent` ≤ max_digits.
[[nodiscard]] constexpr std::int64_t power_of_ten(unsigned exponent) noexcept {
    std::int64_t value = 1;
    while (exponent-- > 0)
        value *= 10;
    return value;
}

/// The value of a JSON scalar as a number: any finite JSON number, or a boolean as 0 or 1. Empty for other
/// scalars.
[[nodiscard]] std::optional<double> number_of(std::string_view scalar) noexcept;

/// A time and its RFC 3339 spelling, in the styles that devices use: `2026-01-15T12:00:00`, then an optional
/// fraction, then `Z`, `+00:00` or nothing.
struct spelled_time {
    std::int64_t micros = 0; ///< since 1970
    std::uint8_t style = 0;
};

/// Reads a JSON string token. Empty if `append_time` would give another text. With `sparse`, a time without
/// fraction gets the style "six decimals, omitted if zero" (that of Python's isoformat), otherwise the style
/// "no fraction".
[[nodiscard]] std::optional<spelled_time> read_time(std::string_view token, bool sparse);
void append_time(std::string& out, spelled_time value);
[[nodiscard]] bool is_time_style(std::uint8_t style) noexcept;
/// True if the time is in the years 0001 to 9999, the range of RFC 3339.
[[nodiscard]] bool is_calendar_time(std::int64_t micros) noexcept;

} // namespace breakwater::storage::blocks

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::storage::blocks {

/// A number of JSON as it is spelled, without its point: `-20.50` is {-2050, 2}.
struct spelled_number {
    std::int64_t digits = 0;
    unsigned decimals = 0;
};

inline constexpr unsigned max_digits = 18; ///< so many always fit

/// Nothing where spelling the number again could give another text: an exponent, a negative zero, more than
/// `max_digits` digits, or no number at all.
[[nodiscard]] std::optional<spelled_number> read_number(std::string_view text) noexcept;
void append_number(std::string& out, spelled_number value);

/// How many zeros can go from the end of `digits`, at most `most`; of zero all.
[[nodiscard]] unsigned trailing_zeros(std::int64_t digits, unsigned most) noexcept;

/// REQUIRES: `exponent` ≤ max_digits.
[[nodiscard]] constexpr std::int64_t power_of_ten(unsigned exponent) noexcept {
    std::int64_t value = 1;
    while (exponent-- > 0)
        value *= 10;
    return value;
}

/// What a scalar of JSON means where it counts: a number (any that JSON can spell) or a boolean, 0 or 1.
[[nodiscard]] std::optional<double> number_of(std::string_view scalar) noexcept;

/// Times as RFC 3339 spells them, in the styles that devices use: `2026-01-15T12:00:00`, then a fraction,
/// then `Z`, `+00:00` or nothing.
struct spelled_time {
    std::int64_t micros = 0; ///< since 1970
    std::uint8_t style = 0;
};

/// Reads a JSON string token; nothing where spelling it again in its style would give another text. A whole
/// second without a fraction has the style of six decimals that are left out where they are zero where
/// `sparse` says so (Python's isoformat does it), else the style without.
[[nodiscard]] std::optional<spelled_time> read_time(std::string_view token, bool sparse);
void append_time(std::string& out, spelled_time value);
[[nodiscard]] bool is_time_style(std::uint8_t style) noexcept;
/// Whether these microseconds lie in the years 0001 to 9999, which RFC 3339 can spell.
[[nodiscard]] bool is_calendar_time(std::int64_t micros) noexcept;

} // namespace breakwater::storage::blocks

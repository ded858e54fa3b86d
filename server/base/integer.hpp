#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace breakwater {

/// Parses a decimal integer. Returns nothing if the text has any other character or the value does not fit.
[[nodiscard]] inline std::optional<std::int64_t> parse_integer(std::string_view text) noexcept {
    std::int64_t value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

} // namespace breakwater

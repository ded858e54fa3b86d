#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace breakwater {

/// A decimal whole number and nothing beside it; nothing where the text is anything else or doesn't fit.
[[nodiscard]] inline std::optional<std::int64_t> parse_integer(std::string_view text) noexcept {
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

} // namespace breakwater

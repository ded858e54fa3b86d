#pragma once

#include <cstddef>
#include <string_view>

namespace breakwater {

/// The number of code points in a valid UTF-8 text.
[[nodiscard]] constexpr std::size_t count_characters(std::string_view text) noexcept {
    std::size_t count = 0;
    for (const char c : text)
        count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    return count;
}

} // namespace breakwater

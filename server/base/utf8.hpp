#pragma once

#include <cstddef>
#include <string_view>

namespace breakwater {

/// How many code points a text of valid UTF-8 has.
[[nodiscard]] constexpr std::size_t count_characters(std::string_view text) noexcept {
    std::size_t count = 0;
    for (const char each : text)
        count += (static_cast<unsigned char>(each) & 0xC0U) != 0x80U ? 1 : 0;
    return count;
}

} // namespace breakwater

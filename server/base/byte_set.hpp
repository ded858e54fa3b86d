#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace breakwater {

/// A set of bytes. A search costs one table look-up a byte, while `std::string_view::find_first_of` of
/// libstdc++ searches its whole list at each byte.
class byte_set {
public:
    constexpr explicit byte_set(std::string_view bytes) noexcept {
        for (const char byte : bytes)
            contains_[static_cast<unsigned char>(byte)] = true;
    }

    [[nodiscard]] constexpr bool contains(char byte) const noexcept {
        return contains_[static_cast<unsigned char>(byte)];
    }

    /// The position of the first of these bytes in `text`, from `at` on; npos if there is none.
    [[nodiscard]] constexpr std::size_t find_in(std::string_view text, std::size_t at = 0) const noexcept {
        for (; at < text.size(); ++at)
            if (contains(text[at]))
                return at;
        return std::string_view::npos;
    }

private:
    std::array<bool, 256> contains_{};
};

} // namespace breakwater

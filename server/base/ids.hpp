#pragma once

#include "base/random.hpp"

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater {

using user_id = std::int64_t;    ///< from 1 up, never reused
using reading_id = std::int64_t; ///< from 1 up, in the order of arrival
using event_id = std::int64_t;   ///< from 1 up, in the order of writing

/// A UUID (RFC 9562): 16 bytes, compared bytewise.
struct uuid {
    std::array<std::uint8_t, 16> bytes{};

    auto operator<=>(const uuid&) const = default;
    /// Compares words: the default calls `memcmp`, and each look-up of a device compares.
    friend bool operator==(const uuid& a, const uuid& b) noexcept {
        using words = std::array<std::uint64_t, 2>;
        const auto first = std::bit_cast<words>(a.bytes);
        const auto second = std::bit_cast<words>(b.bytes);
        return first[0] == second[0] && first[1] == second[1];
    }

    /// Version 4: 122 random bits.
    [[nodiscard]] static uuid random(random_source& source);
    /// Accepts only the hyphenated form of 36 characters, in either case.
    [[nodiscard]] static std::optional<uuid> parse(std::string_view text);
    /// The hyphenated form in lower case.
    [[nodiscard]] std::string to_string() const;
    void append_to(std::string& out) const;
};

using device_id = uuid;

} // namespace breakwater

template <>
struct std::hash<breakwater::uuid> {
    std::size_t operator()(const breakwater::uuid& id) const noexcept {
        std::size_t word = 0; // no hashing needed: the bits are random
        std::memcpy(&word, id.bytes.data(), sizeof word);
        return word;
    }
};

#include "base/encoding.hpp"

#include <algorithm>
#include <array>

namespace breakwater {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::array<std::int8_t, 256> reverse_alphabet = [] {
    std::array<std::int8_t, 256> table{};
    table.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
    return table;
}();

} // namespace

std::string base64url_encode(std::span<const std::uint8_t> bytes) {
    std::string out;
    out.reserve((bytes.size() * 4 + 2) / 3);
    std::uint32_t window = 0;
    int bits = 0;
    for (const std::uint8_t byte : bytes) {
        window = window << 8 | byte;
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            out.push_back(alphabet[window >> bits & 0x3f]);
        }
    }
    if (bits > 0)
        out.push_back(alphabet[window << (6 - bits) & 0x3f]);
    return out;
}

std::optional<std::vector<std::uint8_t>> base64url_decode(std::string_view text) {
    if (text.size() % 4 == 1)
        return std::nullopt;
    std::vector<std::uint8_t> out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t window = 0;
    int bits = 0;
    for (const char c : text) {
        const int value = reverse_alphabet[static_cast<unsigned char>(c)];
        if (value < 0)
            return std::nullopt;
        window = window << 6 | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out.push_back(static_cast<std::uint8_t>(window >> bits));
        }
    }
    if ((window & ((1U << bits) - 1)) != 0)
        return std::nullopt;
    return out;
}

std::string base64_encode(std::span<const std::uint8_t> bytes) {
    std::string out = base64url_encode(bytes);
    std::ranges::replace(out, '-', '+');
    std::ranges::replace(out, '_', '/');
    out.append((4 - out.size() % 4) % 4, '=');
    return out;
}

std::string hex_encode(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        out.push_back(digits[byte >> 4]);
        out.push_back(digits[byte & 0x0f]);
    }
    return out;
}

} // namespace breakwater

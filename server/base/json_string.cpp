#include "base/json_string.hpp"

#include "base/json_text.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <system_error>

namespace breakwater {

namespace {

// The characters that have a letter escape, and the letters in the same order.
constexpr std::string_view escaped_characters = "\"\\\b\f\n\r\t";
constexpr std::string_view escape_letters = "\"\\bfnrt";

void append_utf8(std::string& out, std::uint32_t point) {
    const auto tail = [&out, point](int shift) { out += static_cast<char>(0x80 | (point >> shift & 0x3f)); };
    if (point < 0x80) {
        out += static_cast<char>(point);
    } else if (point < 0x800) {
        out += static_cast<char>(0xc0 | point >> 6);
        tail(0);
    } else if (point < 0x10000) {
        out += static_cast<char>(0xe0 | point >> 12);
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xf0 | point >> 18);
        tail(12);
        tail(6);
        tail(0);
    }
}

} // namespace

utf8_sequence scan_utf8(const char* at, const char* end) noexcept {
    const auto byte = [at](std::size_t i) { return static_cast<unsigned char>(at[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80)
        return {1, true};
    if (lead < 0xc2 || lead > 0xf4)
        return {1, false};
    const std::size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    // The range of the second byte excludes overlong forms, surrogates and values above U+10FFFF.
    const unsigned char low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned char high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    const auto available = static_cast<std::size_t>(end - at);
    if (available < 2 || byte(1) < low || byte(1) > high)
        return {1, false};
    for (std::size_t i = 2; i < length; ++i)
        if (i >= available || (byte(i) & 0xc0) != 0x80)
            return {i, false};
    return {length, true};
}

const char* skip_plain(const char* at, const char* end) noexcept {
    if constexpr (std::endian::native == std::endian::little) {
        constexpr std::uint64_t ones = 0x0101010101010101;
        constexpr std::uint64_t tops = ones * 0x80;
        const auto has_zero = [](std::uint64_t word) { return (word - ones) & ~word; };
        while (end - at >= 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, at, sizeof word);
            const std::uint64_t special =
                (has_zero(word ^ (ones * '"')) | has_zero(word ^ (ones * '\\')) |
                 has_zero(word ^ (ones * 0x7f)) | ((word - ones * 0x20) & ~word) | word) &
                tops;
            if (special != 0)
                return at + (std::countr_zero(special) >> 3); // only the lowest mark is exact
            at += 8;
        }
    }
    while (at < end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20 &&
           static_cast<unsigned char>(*at) < 0x7f)
        ++at;
    return at;
}

std::optional<std::uint32_t> four_hex(const char* at, const char* end) noexcept {
    if (end - at < 4)
        return std::nullopt;
    std::uint32_t value = 0;
    const auto [stop, code] = std::from_chars(at, at + 4, value, 16);
    if (code != std::errc{} || stop != at + 4)
        return std::nullopt;
    return value;
}

void append_json_string(std::string& out, std::string_view value) {
    constexpr std::string_view hex = "0123456789abcdef";
    const auto escape_unit = [&out, hex](unsigned unit) {
        out += "\\u00";
        out += hex[unit >> 4 & 0xf];
        out += hex[unit & 0xf];
    };
    const char* at = value.data();
    const char* const end = at + value.size();
    out += '"';
    while (at < end) {
        const char* const plain = skip_plain(at, end);
        out.append(at, plain);
        at = plain;
        if (at == end)
            break;
        const utf8_sequence sequence = scan_utf8(at, end);
        const auto byte = static_cast<unsigned char>(*at);
        if (!sequence.valid)
            out += "\xef\xbf\xbd";
        else if (sequence.length == 2 && byte == 0xc2 && static_cast<unsigned char>(at[1]) < 0xa0)
            escape_unit(static_cast<unsigned char>(at[1])); // C1 controls affect terminals, as C0 controls do
        else if (sequence.length > 1)
            out.append(at, sequence.length);
        else if (const auto index = escaped_characters.find(*at); index != escaped_characters.npos)
            (out += '\\') += escape_letters[index];
        else
            escape_unit(byte);
        at += sequence.length;
    }
    out += '"';
}

std::string unescape_json_string(std::string_view token) {
    std::string out;
    out.reserve(token.size());
    const char* at = token.data() + 1;
    const char* const end = token.data() + token.size() - 1;
    while (at < end) {
        const char* const backslash = std::find(at, end, '\\');
        out.append(at, backslash);
        if (backslash == end)
            break;
        at = backslash + 2;
        if (backslash[1] == 'u') {
            std::uint32_t point = four_hex(at, end).value_or(0xfffd);
            at += 4;
            if (is_high_surrogate(point)) {
                point =
                    0x10000 + ((point - 0xd800) << 10) + (four_hex(at + 2, end).value_or(0xdc00) - 0xdc00);
                at += 6;
            }
            append_utf8(out, point);
        } else if (const auto index = escape_letters.find(backslash[1]); index != escape_letters.npos) {
            out += escaped_characters[index];
        } else {
            out += backslash[1]; // a solidus
        }
    }
    return out;
}

std::optional<std::size_t> find_invalid_utf8(std::string_view text) noexcept {
    const char* const end = text.data() + text.size();
    for (const char* at = text.data(); at != end;) {
        if (static_cast<unsigned char>(*at) < 0x80) {
            ++at;
            continue;
        }
        const utf8_sequence sequence = scan_utf8(at, end);
        if (!sequence.valid)
            return static_cast<std::size_t>(at - text.data());
        at += sequence.length;
    }
    return std::nullopt;
}

} // namespace breakwater

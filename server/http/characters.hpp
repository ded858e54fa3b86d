#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace breakwater::http {

// The character classes of HTTP and URIs. One table look-up each, because the request validator checks every
// byte.

namespace detail {

enum character_class : std::uint8_t {
    token_class = 1,  // RFC 9110 section 5.6.2
    value_class = 2,  // field values: HTAB, SP, VCHAR, obs-text (RFC 9110 section 5.5)
    target_class = 4, // request targets: VCHAR without those that RFC 3986 never allows and no browser sends
    host_class = 8,   // unreserved and sub-delims (RFC 3986 section 3.2.2)
    hex_class = 16,
};

inline constexpr auto classes = [] {
    std::array<std::uint8_t, 256> table{};
    const auto add = [&table](std::string_view characters, std::uint8_t character_classes) {
        for (const char c : characters)
            table[static_cast<std::uint8_t>(c)] |= character_classes;
    };
    for (unsigned c = 0x20; c <= 0xff; ++c)
        if (c != 0x7f)
            table[c] |= value_class;
    table['\t'] |= value_class;
    for (unsigned c = 0x21; c <= 0x7e; ++c)
        table[c] |= target_class;
    for (const char c : std::string_view{"\"#<>\\^`"})
        table[static_cast<std::uint8_t>(c)] &= static_cast<std::uint8_t>(~target_class);
    add("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", token_class | host_class);
    add("!#$%&'*+-.^_`|~", token_class);
    add("-._~!$&'()*+,;=", host_class);
    add("0123456789abcdefABCDEF", hex_class);
    return table;
}();

[[nodiscard]] constexpr bool is(char c, character_class expected) noexcept {
    return (classes[static_cast<std::uint8_t>(c)] & expected) != 0;
}

} // namespace detail

[[nodiscard]] constexpr bool is_token_character(char c) noexcept {
    return detail::is(c, detail::token_class);
}
[[nodiscard]] constexpr bool is_value_character(char c) noexcept {
    return detail::is(c, detail::value_class);
}
[[nodiscard]] constexpr bool is_target_character(char c) noexcept {
    return detail::is(c, detail::target_class);
}
[[nodiscard]] constexpr bool is_host_character(char c) noexcept {
    return detail::is(c, detail::host_class);
}
[[nodiscard]] constexpr bool is_hex_digit(char c) noexcept {
    return detail::is(c, detail::hex_class);
}

[[nodiscard]] constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// Compares without case. `lower` must be in lower case.
[[nodiscard]] constexpr bool equals_lower(std::string_view text, std::string_view lower) noexcept {
    if (text.size() != lower.size())
        return false;
    for (std::size_t i = 0; i < text.size(); ++i)
        if (to_lower(text[i]) != lower[i])
            return false;
    return true;
}

/// Removes spaces and tabs at both ends (OWS, RFC 9110 section 5.6.3).
[[nodiscard]] constexpr std::string_view trim(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// Removes the first element of a comma-separated list (RFC 9110 section 5.6.1) and returns it, trimmed.
[[nodiscard]] constexpr std::string_view next_element(std::string_view& list) noexcept {
    const std::size_t comma = list.find(',');
    const std::string_view element = trim(list.substr(0, comma));
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    return element;
}

} // namespace breakwater::http

#include "domain/user.hpp"

#include <algorithm>

namespace breakwater {

namespace {

constexpr bool is_alnum(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

constexpr bool is_atom(char c) {
    return is_alnum(c) || std::string_view{"!#$%&'*+-/=?^_`{|}~"}.contains(c);
}

/// Whether the text consists of non-empty parts, separated by dots, that all satisfy `is_valid_part`.
template <class Check>
bool is_dotted(std::string_view text, Check is_valid_part) {
    for (;;) {
        const auto dot = text.find('.');
        const std::string_view part = text.substr(0, dot);
        if (part.empty() || !is_valid_part(part))
            return false;
        if (dot == std::string_view::npos)
            return true;
        text.remove_prefix(dot + 1);
    }
}

bool is_label(std::string_view label) {
    return label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
           std::ranges::all_of(label, [](char c) { return is_alnum(c) || c == '-'; });
}

} // namespace

std::string_view to_string(role value) noexcept {
    return value == role::admin ? "admin" : "user";
}

std::optional<role> parse_role(std::string_view text) noexcept {
    if (text == "user")
        return role::user;
    if (text == "admin")
        return role::admin;
    return std::nullopt;
}

std::optional<std::string> normalise_email(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return std::nullopt;
    text = text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
    if (text.size() > max_email_length)
        return std::nullopt;
    const auto at = text.find('@');
    if (at == std::string_view::npos || at == 0 || at > 64)
        return std::nullopt;
    const std::string_view local = text.substr(0, at);
    const std::string_view host = text.substr(at + 1);
    if (!is_dotted(local, [](std::string_view part) { return std::ranges::all_of(part, is_atom); }))
        return std::nullopt;
    if (!host.contains('.') || !is_dotted(host, is_label))
        return std::nullopt;
    std::string out{text};
    std::ranges::transform(
        out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

} // namespace breakwater

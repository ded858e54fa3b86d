#include "services/password_policy.hpp"

#include "crypto/password_hash.hpp"

#include <algorithm>

namespace breakwater::services {

namespace {

std::unexpected<error> refuse(std::string_view detail, std::string_view field_message) {
    return std::unexpected(error{.code = errc::invalid_input,
                                 .detail = std::string{detail},
                                 .fields = {{"body.password", std::string{field_message}}}});
}

/// The first character of a UTF-8 text.
std::string_view first_character(std::string_view text) {
    std::size_t end = 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        ++end;
    return text.substr(0, end);
}

bool repeats_one_character(std::string_view text) {
    if (text.empty())
        return false;
    const std::string_view first = first_character(text);
    for (std::size_t at = 0; at < text.size(); at += first.size())
        if (text.substr(at, first.size()) != first)
            return false;
    return true;
}

/// ASCII white space, and the other characters of Unicode's White_Space property that a keyboard or a web
/// page produces.
bool is_white_space(std::string_view text) {
    constexpr std::string_view wide_spaces[]{
        "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
        "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\u200b"};
    while (!text.empty()) {
        const std::string_view character = first_character(text);
        const bool is_ascii_space =
            character.size() == 1 && std::string_view{" \t\n\v\f\r"}.contains(character.front());
        if (!is_ascii_space && std::ranges::find(wide_spaces, character) == std::end(wide_spaces))
            return false;
        text.remove_prefix(character.size());
    }
    return true;
}

} // namespace

result<void> check_new_password(std::string_view password) {
    if (is_white_space(password))
        return refuse("The password is only white space. Choose another one.",
                      "Must not be only white space.");
    if (repeats_one_character(password))
        return refuse("The password repeats one character. Choose another one.",
                      "Must not repeat one character.");
    if (password == demo_admin_password)
        return refuse("This is the public password of the demo administrator. Choose another one.",
                      "Must not be the demo administrator's public password.");
    if (crypto::is_compromised_password(password))
        return refuse("This password is known from data breaches of other sites. Choose another one.",
                      "Must not be known from data breaches of other sites.");
    return {};
}

} // namespace breakwater::services

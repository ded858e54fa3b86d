#include "services/password_policy.hpp"

#include "crypto/password_hash.hpp"

#include <algorithm>

namespace breakwater::services {

namespace {

std::unexpected<error> refused(std::string_view sentence, std::string_view of_field) {
    return std::unexpected(error{.code = errc::invalid_input,
                                 .detail = std::string{sentence},
                                 .fields = {{"body.password", std::string{of_field}}}});
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

/// ASCII's, and the others of Unicode's White_Space property that a keyboard or a web page gives.
bool is_white_space(std::string_view text) {
    constexpr std::string_view wide[]{"\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
                                      "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
                                      "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\u200b"};
    while (!text.empty()) {
        const std::string_view next = first_character(text);
        const bool narrow = next.size() == 1 && std::string_view{" \t\n\v\f\r"}.contains(next.front());
        if (!narrow && std::ranges::find(wide, next) == std::end(wide))
            return false;
        text.remove_prefix(next.size());
    }
    return true;
}

} // namespace

result<void> check_new_password(std::string_view password) {
    if (is_white_space(password))
        return refused("A password can't be white space alone; choose another.", "Is white space alone.");
    if (repeats_one_character(password))
        return refused("A password can't be one character again and again; choose another.",
                       "Repeats one character.");
    if (password == demo_admin_password)
        return refused("This is the demo administrator's password, which everybody knows; choose another.",
                       "Is the demo administrator's password.");
    if (crypto::is_compromised_password(password))
        return refused("This password is known from breaches of other sites; choose another.",
                       "Is known from breaches of other sites.");
    return {};
}

} // namespace breakwater::services

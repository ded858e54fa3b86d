#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater {

enum class role : std::uint8_t { user, admin };

[[nodiscard]] std::string_view to_string(role value) noexcept;
[[nodiscard]] std::optional<role> parse_role(std::string_view text) noexcept;

/// A person with an account.
struct user {
    user_id id = 0;
    std::string email{}; ///< normalised (`normalise_email`); unique
    breakwater::role role = breakwater::role::user;
    std::string password_hash{}; ///< crypt(5) text; never leaves the server
    /// Incremented when the password or the role changes. This revokes older access tokens.
    std::int64_t session_version = 1;
    timestamp created_at{};
    std::optional<timestamp> disabled_at{}; ///< since this time nobody can sign in with it
};

/// Limits of a password in code points (8–128 in the API contract).
inline constexpr std::size_t min_password_length = 8;
inline constexpr std::size_t max_password_length = 128;
/// RFC 5321 section 4.5.3.1.3, less the angle brackets.
inline constexpr std::size_t max_email_length = 254;

/// Trims an e-mail address, lower-cases its ASCII letters and checks its form: one `@`; a local part of 1–64
/// atom characters (RFC 5322) and single dots; a domain of labels with dots. Nothing if the form is wrong.
[[nodiscard]] std::optional<std::string> normalise_email(std::string_view text);

} // namespace breakwater

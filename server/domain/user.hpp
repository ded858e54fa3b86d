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
    std::string email{}; ///< as `normalise_email` made it; unique
    breakwater::role role = breakwater::role::user;
    std::string password_hash{};      ///< crypt(5) text; never leaves the server
    std::int64_t session_version = 1; ///< goes up when password or role change; older access tokens are dead
    timestamp created_at{};
    std::optional<timestamp> disabled_at{}; ///< since when nobody signs in with it
};

/// Bounds of a password in bytes of UTF-8 characters: counted in code points, as the contract's 8–128.
inline constexpr std::size_t min_password_length = 8;
inline constexpr std::size_t max_password_length = 128;
/// RFC 5321 section 4.5.3.1.3, less the angle brackets.
inline constexpr std::size_t max_email_length = 254;

/// Trims, lower-cases ASCII and checks the shape of an address: one `@`, a local part of 1–64 of RFC 5322's
/// atom characters and single dots, a domain of dotted labels. Nothing where it isn't one.
[[nodiscard]] std::optional<std::string> normalise_email(std::string_view text);

} // namespace breakwater

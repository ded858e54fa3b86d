#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/user.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater {

using invitation_id = std::int64_t;

/// Who may register an account: everyone, people with an invitation, or nobody.
enum class registration_mode : std::uint8_t { open, invite, closed };

[[nodiscard]] std::string_view to_string(registration_mode value) noexcept;
[[nodiscard]] std::optional<registration_mode> parse_registration_mode(std::string_view text) noexcept;

/// Allows one person to register an account.
struct invitation {
    invitation_id id = 0;                      ///< assigned by the store
    std::array<std::uint8_t, 32> token_hash{}; ///< SHA-256 of the token; only the link contains the token
    std::string email{};                       ///< normalised; only this address may use it; empty: any
    breakwater::role role = breakwater::role::user;
    user_id created_by = 0; ///< 0: created on the command line of the server
    timestamp created_at{};
    timestamp expires_at{};
    std::optional<timestamp> used_at{};
};

inline constexpr std::chrono::hours max_invitation_life{720};
inline constexpr std::chrono::hours default_invitation_life{72};
/// Unused invitations on the whole server.
inline constexpr std::int64_t max_open_invitations = 1000;

} // namespace breakwater

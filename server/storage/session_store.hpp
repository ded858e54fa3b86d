#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace breakwater::storage {

/// SHA-256 of a refresh token. The token itself is never stored (contract, correction 11).
using token_hash = std::array<std::uint8_t, 32>;

/// An issued refresh token. All tokens that descend from one login by rotation share a family
/// (RFC 9700 section 4.14.2).
struct refresh_token {
    token_hash hash{};
    uuid family;
    user_id user = 0;
    timestamp issued_at{};
    timestamp expires_at{};           ///< idle expiry
    timestamp family_expires_at{};    ///< absolute expiry, the same for the whole family
    std::optional<timestamp> used_at; ///< when it was exchanged; a second use is a replay
    bool revoked = false;             ///< by logout, replay, or a change of its account
};

/// A sign-in that is still valid.
struct live_session {
    uuid family;
    timestamp renewed_at{};        ///< when its newest refresh token was issued
    timestamp expires_at{};        ///< idle expiry; a renewal extends it
    timestamp family_expires_at{}; ///< absolute expiry
};

class session_store {
public:
    virtual ~session_store() = default;

    virtual result<std::optional<refresh_token>> find(const token_hash& hash) const = 0;

    virtual result<void> insert(const refresh_token& token) = 0;
    virtual result<void> mark_used(const token_hash& hash, timestamp at) = 0;
    virtual result<void> revoke_family(const uuid& family) = 0;
    virtual result<void> revoke_user(user_id user) = 0;
    /// The user's sign-ins that are valid at `now`, most recently renewed first.
    virtual result<std::vector<live_session>> live(user_id user, timestamp now) const = 0;
    /// Removes at most `max_count` tokens of families whose absolute expiry is before `expired_before`.
    /// Returns how many.
    virtual result<std::int64_t> purge(timestamp expired_before, std::int64_t max_count) = 0;
};

} // namespace breakwater::storage

#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace breakwater::storage {

/// SHA-256 of a refresh token: the token itself is never stored (contract, correction 11).
using token_hash = std::array<std::uint8_t, 32>;

/// One refresh token that was handed out. All that descend from one login by rotation share a family
/// (RFC 9700 section 4.14.2).
struct refresh_token {
    token_hash hash{};
    uuid family;
    user_id user = 0;
    timestamp issued_at{};
    timestamp expires_at{};           ///< idle expiry
    timestamp family_expires_at{};    ///< absolute expiry, the same for the whole family
    std::optional<timestamp> used_at; ///< when it was exchanged; being shown again is a replay
    bool revoked = false;             ///< by logout, replay, or a change of its user
};

/// A sign-in that still holds.
struct live_session {
    uuid family;
    timestamp renewed_at{};        ///< when its newest refresh token was handed out
    timestamp expires_at{};        ///< unless it is renewed before
    timestamp family_expires_at{}; ///< whatever happens
};

class session_store {
public:
    virtual ~session_store() = default;

    virtual result<std::optional<refresh_token>> find(const token_hash& hash) const = 0;

    virtual result<void> insert(const refresh_token& added) = 0;
    virtual result<void> mark_used(const token_hash& hash, timestamp at) = 0;
    virtual result<void> revoke_family(const uuid& family) = 0;
    virtual result<void> revoke_user(user_id user) = 0;
    /// The user's sign-ins that hold at `now`, the one renewed last first.
    virtual result<std::vector<live_session>> live(user_id user, timestamp now) const = 0;
    /// Forgets families whose absolute expiry is past, at most `most` tokens; tells how many.
    virtual result<std::int64_t> purge(timestamp expired_before, std::int64_t most) = 0;
};

} // namespace breakwater::storage

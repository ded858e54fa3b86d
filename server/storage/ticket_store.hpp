#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "domain/user.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace breakwater::storage {

/// SHA-256 of a ticket. The ticket itself is never stored.
using ticket_digest = std::array<std::uint8_t, 32>;

/// An unused one-time ticket for a live connection, and the principal as which its holder may connect.
struct live_ticket {
    ticket_digest digest{};
    user_id user = 0;
    breakwater::role role = breakwater::role::user;
    std::int64_t session_version = 0;
    uuid session;
    timestamp session_expires_at{}; ///< of the access token that the ticket was issued for
    timestamp expires_at{};
};

/// The times at which a valid ticket expires. A ticket that expires later was issued before the clock was set
/// back.
struct ticket_window {
    timestamp after{}; ///< exclusive
    timestamp until{}; ///< inclusive

    [[nodiscard]] bool contains(timestamp expiry) const noexcept { return expiry > after && expiry <= until; }
};

struct ticket_count {
    std::int64_t of_user = 0;
    std::int64_t total = 0;
};

/// The tickets of all processes that use the database. They live for seconds, so a transfer leaves them out.
class ticket_store {
public:
    virtual ~ticket_store() = default;

    /// The tickets that expire within `valid`.
    virtual result<ticket_count> count(user_id user, const ticket_window& valid) const = 0;

    virtual result<void> insert(const live_ticket& added) = 0;
    /// Removes the ticket and returns it, even if it has expired. Empty if there is none.
    virtual result<std::optional<live_ticket>> take(const ticket_digest& digest) = 0;
    /// Removes at most `max_count` tickets that don't expire within `valid`.
    virtual result<void> purge(const ticket_window& valid, std::int64_t max_count) = 0;
};

} // namespace breakwater::storage

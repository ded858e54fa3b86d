#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "identity/principal.hpp"
#include "storage/catalogue.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace breakwater::identity {

/// One-time tickets. The holder of a ticket may open one live connection as the ticket's principal, within
/// `lifetime`. The tickets are in the database, as digests. So all processes that use it accept them, and
/// only one of them does. A ticket ends with an HMAC over the rest: forged ones don't cost a write. Any
/// thread may call.
class live_tickets {
public:
    static constexpr std::chrono::seconds lifetime{30};
    static constexpr std::int64_t max_per_user = 16; ///< unused ones
    static constexpr std::int64_t max_count = 10'000;

    /// `key`: for the HMAC; the same in all processes that use the database.
    live_tickets(storage::catalogue& store, const crypto::sha256_digest& key, const clock& time,
                 random_source& random)
        : store_{store}, key_{key}, clock_{time}, random_{random} {}

    /// `rate_limited` if the user has `max_per_user` unused tickets, `overloaded` if all users together have
    /// `max_count`. Blocks. REQUIRES: `holder` is a person.
    result<std::string> issue(const principal& holder);

    using completion = std::move_only_function<void(result<principal>)>;
    /// Consumes the ticket. Calls `done` once: at once, or later on a thread of the database, where it must
    /// not block. `unauthenticated` if the ticket is unknown, was used or has expired. After an error of the
    /// database, the ticket may have been consumed.
    void redeem(std::string_view ticket, completion done);

private:
    [[nodiscard]] bool is_genuine(std::string_view ticket) const;
    /// The times at which the valid tickets expire.
    [[nodiscard]] storage::ticket_window valid_now() const;

    storage::catalogue& store_;
    const crypto::sha256_digest key_;
    const clock& clock_;
    random_source& random_;
};

} // namespace breakwater::identity

#pragma once

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "identity/principal.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::identity {

/// One-time tickets. The holder of a ticket may open one live connection as the ticket's principal, within
/// `lifetime`. Tickets are in memory only, as digests. Any thread may call.
class live_tickets {
public:
    static constexpr std::chrono::seconds lifetime{30};
    static constexpr std::size_t max_per_user = 16; ///< unused ones
    static constexpr std::size_t max_count = 10'000;

    live_tickets(const clock& time, random_source& random) : clock_{time}, random_{random} {}

    /// `rate_limited` if the user has `max_per_user` unused tickets, `overloaded` if all users together have
    /// `max_count`.
    result<std::string> issue(const principal& holder);
    /// Consumes the ticket. Nothing if it is unknown, was used or has expired.
    [[nodiscard]] std::optional<principal> redeem(std::string_view ticket);

private:
    struct entry {
        principal holder;
        steady_point expires_at;
    };
    void remove_expired(steady_point now) REQUIRES(mutex_);

    const clock& clock_;
    random_source& random_;
    mutex mutex_;
    std::map<crypto::sha256_digest, entry> open_ GUARDED_BY(mutex_);
};

} // namespace breakwater::identity

#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <unordered_set>

namespace breakwater::live {

/// The sign-ins that ended, for as long as an access token from before may still live, so that neither such a
/// token nor a ticket made with it opens a live connection. Bounded: past the bound the oldest is forgotten,
/// and with it every token goes that expires no later than one of that sign-in could; their owners renew
/// theirs and come back. Any thread may call.
class ended_sessions {
public:
    /// `token_lifetime`: of an access token, with the leeway its check allows.
    ended_sessions(const clock& time, std::chrono::seconds token_lifetime, std::size_t most)
        : clock_{time}, token_lifetime_{token_lifetime}, most_{most} {}

    void add(const uuid& session);
    /// Whether a token of that sign-in, which expires then, is dead. False for a nil sign-in, which none
    /// ends.
    [[nodiscard]] bool has_ended(const uuid& session, timestamp token_expires_at) const;
    [[nodiscard]] std::size_t size() const;

private:
    struct entry {
        uuid session;
        timestamp last_token_expires; ///< at the latest
    };
    void drop_oldest();

    const clock& clock_;
    const std::chrono::seconds token_lifetime_;
    const std::size_t most_;
    mutable std::mutex mutex_;
    std::deque<entry> order_; ///< the oldest first
    std::unordered_set<uuid> known_;
    timestamp forgotten_until_ = timestamp::min(); ///< tokens that expire by then count as ended
};

} // namespace breakwater::live

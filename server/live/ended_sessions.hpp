#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/mutex.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <unordered_set>

namespace breakwater::live {

/// The sign-in sessions that ended. Each is kept until its last access token has expired, so that neither
/// such a token nor a ticket made with it opens a live connection. Holds at most `max_count` sessions. Past
/// the limit it forgets the oldest one. From then on, all tokens that expire no later than the tokens of that
/// session count as ended, and their holders must renew them and reconnect. Any thread may call.
class ended_sessions {
public:
    /// `token_lifetime`: of an access token, including the leeway of its check.
    ended_sessions(const clock& time, std::chrono::seconds token_lifetime, std::size_t max_count)
        : clock_{time}, token_lifetime_{token_lifetime}, max_count_{max_count} {}

    void add(const uuid& session);
    /// Whether a token of that session with that expiry counts as ended. A nil session never ends by itself.
    [[nodiscard]] bool has_ended(const uuid& session, timestamp token_expires_at) const;
    [[nodiscard]] std::size_t size() const;

private:
    struct entry {
        uuid session;
        timestamp tokens_expire_at; ///< expiry of its last token, at the latest
    };
    void drop_oldest() REQUIRES(mutex_);

    const clock& clock_;
    const std::chrono::seconds token_lifetime_;
    const std::size_t max_count_;
    mutable mutex mutex_;
    std::deque<entry> order_ GUARDED_BY(mutex_); ///< oldest first
    std::unordered_set<uuid> sessions_ GUARDED_BY(mutex_);
    timestamp
        ended_until_ GUARDED_BY(mutex_) = timestamp::min(); ///< tokens that expire by then count as ended
};

} // namespace breakwater::live

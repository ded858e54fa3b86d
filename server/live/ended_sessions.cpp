#include "live/ended_sessions.hpp"

#include <algorithm>

namespace breakwater::live {

void ended_sessions::add(const uuid& session) {
    const timestamp now = clock_.now();
    const lock_guard lock{mutex_};
    while (!order_.empty() && order_.front().tokens_expire_at <= now)
        drop_oldest();
    if (!sessions_.insert(session).second)
        return;
    order_.push_back({session, now + token_lifetime_});
    while (order_.size() > max_count_) {
        ended_until_ = std::max(ended_until_, order_.front().tokens_expire_at);
        drop_oldest();
    }
}

bool ended_sessions::has_ended(const uuid& session, timestamp token_expires_at) const {
    const lock_guard lock{mutex_};
    return token_expires_at <= ended_until_ || sessions_.contains(session);
}

std::size_t ended_sessions::size() const {
    const lock_guard lock{mutex_};
    return order_.size();
}

void ended_sessions::drop_oldest() {
    sessions_.erase(order_.front().session);
    order_.pop_front();
}

} // namespace breakwater::live

#include "live/ended_sessions.hpp"

#include <algorithm>

namespace breakwater::live {

void ended_sessions::add(const uuid& session) {
    const timestamp now = clock_.now();
    const std::lock_guard lock{mutex_};
    while (!order_.empty() && order_.front().last_token_expires <= now)
        drop_oldest();
    if (!known_.insert(session).second)
        return;
    order_.push_back({session, now + token_lifetime_});
    while (order_.size() > most_) {
        forgotten_until_ = std::max(forgotten_until_, order_.front().last_token_expires);
        drop_oldest();
    }
}

bool ended_sessions::has_ended(const uuid& session, timestamp token_expires_at) const {
    const std::lock_guard lock{mutex_};
    return token_expires_at <= forgotten_until_ || known_.contains(session);
}

std::size_t ended_sessions::size() const {
    const std::lock_guard lock{mutex_};
    return order_.size();
}

void ended_sessions::drop_oldest() {
    known_.erase(order_.front().session);
    order_.pop_front();
}

} // namespace breakwater::live

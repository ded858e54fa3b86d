#include "outbox/inbox.hpp"

#include <utility>

namespace breakwater::outbox {

void inbox::put(message_id id, attempt_outcome outcome) {
    {
        const lock_guard lock{mutex_};
        entries_.push_back({.id = id, .outcome = std::move(outcome)});
    }
    changed_.notify_one();
}

std::vector<inbox::entry> inbox::take() {
    const lock_guard lock{mutex_};
    return std::exchange(entries_, {});
}

void inbox::wake() noexcept {
    {
        const lock_guard lock{mutex_};
        woken_ = true;
    }
    changed_.notify_one();
}

void inbox::wait(std::chrono::milliseconds timeout) {
    unique_lock lock{mutex_};
    changed_.wait_for(lock, timeout, [this]() REQUIRES(mutex_) { return woken_ || !entries_.empty(); });
    woken_ = false;
}

} // namespace breakwater::outbox

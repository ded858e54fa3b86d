#pragma once

#include "base/mutex.hpp"
#include "outbox/destination.hpp"

#include <chrono>
#include <vector>

namespace breakwater::outbox {

/// The outcomes that destinations report. Any thread may call.
class inbox {
public:
    struct entry {
        message_id id = 0;
        attempt_outcome outcome{};
    };

    void put(message_id id, attempt_outcome outcome);
    [[nodiscard]] std::vector<entry> take();
    void wake() noexcept;
    /// Blocks until there is an outcome, `wake` was called (even before this call), or `timeout` has passed.
    void wait(std::chrono::milliseconds timeout);

private:
    mutex mutex_;
    condition_variable changed_;
    std::vector<entry> entries_ GUARDED_BY(mutex_);
    bool woken_ GUARDED_BY(mutex_) = false;
};

} // namespace breakwater::outbox

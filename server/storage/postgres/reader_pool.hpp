#pragma once

#include "base/mutex.hpp"
#include "storage/catalogue.hpp"
#include "storage/postgres/stores.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

namespace breakwater::storage::postgres {

/// A fixed number of connections for reading, opened when first needed. Any thread may call.
class reader_pool {
public:
    reader_pool(connection::settings options, std::size_t size, shared_state& shared, lane_follower& lanes);

    /// Runs `work` over one snapshot. Waits while all connections are in use. Fails with `overloaded` when
    /// the thread's work is cancelled (`cancellation_scope`).
    result<void> read(catalogue::query& work);

private:
    using slot = std::unique_ptr<connection>;
    using clock = std::chrono::steady_clock;
    slot take();
    /// Waits until the server has given up enough of the queries that were cancelled. So they hold
    /// at most about twice as many of its connections as this pool has.
    void wait_for_cancelled();
    void give_back(slot used);

    const connection::settings options_;
    const std::size_t size_;
    shared_state& shared_;
    lane_follower& lanes_;
    std::atomic<bool> failing_{false}; ///< the last attempt to connect failed
    mutex mutex_;
    condition_variable returned_;
    std::deque<clock::time_point> cancelled_ GUARDED_BY(mutex_); ///< when the last ones gave up a connection
    std::vector<slot> idle_ GUARDED_BY(mutex_); ///< an empty slot is a connection that isn't open yet
};

} // namespace breakwater::storage::postgres

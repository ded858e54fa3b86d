#pragma once

#include "base/mutex.hpp"
#include "storage/change_feed.hpp"
#include "storage/postgres/writer.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace breakwater::storage::postgres {

/// Delivers the changes that other nodes commit to the followers of this node. PostgreSQL notifies it of each
/// transaction with changes. It also looks twice a second for changes that it was not notified of. It works
/// on a thread of its own, over its own connection. The deliveries run on the writer's thread, never at the
/// same time as those of this node's own changes.
class change_reader {
public:
    struct settings {
        connection::settings server;
        std::chrono::milliseconds interval{500}; ///< between two looks without a notification
        /// As `options::max_change_age`.
        std::chrono::milliseconds max_age{2000};
    };

    change_reader(settings options, writer& writer, shared_state& shared, lane_follower& lanes,
                  change_feed& feed);
    ~change_reader() { stop(); }
    change_reader(const change_reader&) = delete;
    change_reader& operator=(const change_reader&) = delete;

    /// Remembers the position of the newest change. Changes after it will be delivered.
    result<void> begin(connection& db);
    /// Starts the thread, and with it the deliveries. REQUIRES: `begin` succeeded, and the writer has
    /// started.
    void start();
    /// Ends the deliveries.
    void stop();
    /// Whether changes of other nodes may be missing: the last look that left nothing to deliver began longer
    /// ago than `max_age`. Always false before `start`. After `writer::fence` it becomes true and stays so.
    /// Any thread may call.
    [[nodiscard]] bool stale() const noexcept;

private:
    using steady_clock = std::chrono::steady_clock;
    void loop();
    /// Delivers what is new, and waits for the next notification.
    result<void> look();
    result<bool> anything_new();
    /// Delivers some changes. Runs on the writer's thread.
    result<void> deliver(connection& db, lane_state& own, engine::actions& after);

    const settings settings_;
    writer& writer_;
    shared_state& shared_;
    lane_follower& lanes_;
    change_feed& feed_;
    std::unique_ptr<connection> db_;
    std::atomic<std::int64_t> position_{0}; ///< of the last change that was delivered
    /// When the last look began that left nothing to deliver; 0: not started.
    std::atomic<steady_clock::rep> looked_at_{0};
    bool failing_ = false; ///< so that a failure is logged once

    std::atomic<bool> stopping_{false};
    std::thread thread_; ///< last: the thread uses all other members
};

} // namespace breakwater::storage::postgres

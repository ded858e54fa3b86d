#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "outbox/destination.hpp"
#include "outbox/inbox.hpp"
#include "storage/catalogue.hpp"
#include "storage/leases.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace breakwater::outbox {

/// Counts of one kind of destination.
struct delivery_counters {
    std::uint64_t delivered = 0; ///< messages that a receiver accepted
    std::uint64_t failed = 0;    ///< attempts that failed
    std::uint64_t dead = 0;      ///< messages that were given up: after their last attempt, after a permanent
                                 ///< failure, or because the receiver is gone
    std::int64_t pending = 0;    ///< messages that waited when the dispatcher last read the store
};

/// Which destination sends the messages of a kind.
struct route {
    destination_kind kind{};
    outbox::destination& target;
};

/// Hands due messages to their destinations, and stores the outcomes. Slow receivers delay
/// others of their kind only if they use all attempts that their destination allows at once. Messages of a
/// kind without a route stay pending. One thread calls the members, except `counters` and `wake`, which any
/// thread may call.
class dispatcher {
public:
    struct dependencies {
        storage::catalogue& store;
        const storage::lease_holder& leases; ///< it sends only while this process holds `lease::outbox`
        const clock& time;
        random_source& random;
    };
    /// At most one route for each kind. The destinations must outlive the dispatcher.
    dispatcher(const dependencies& deps, const std::vector<route>& routes);

    /// Stores the outcomes of finished attempts, and starts the attempts that are due, unless another process
    /// does so. Call it again after the returned time, or as soon as `wait` returns. Blocks while it reads
    /// and writes the store.
    std::chrono::milliseconds step();
    /// Stores the outcomes of finished attempts without starting others. Blocks.
    void record_outcomes();
    /// Blocks until an attempt has finished, `wake` was called, or `timeout` has passed.
    void wait(std::chrono::milliseconds timeout) { inbox_->wait(timeout); }
    void wake() noexcept { inbox_->wake(); }

    /// All zero for a kind without a route.
    [[nodiscard]] delivery_counters counters(destination_kind kind) const;

private:
    struct channel {
        explicit channel(outbox::destination& sender) noexcept : target{sender} {}
        outbox::destination& target;
        std::size_t in_flight = 0;
        std::atomic<std::uint64_t> delivered{0};
        std::atomic<std::uint64_t> failed{0};
        std::atomic<std::uint64_t> dead{0};
        std::atomic<std::int64_t> pending{0};
    };
    struct finished_attempt {
        failure details{};               ///< if `details.outcome.error` is empty, it was delivered
        std::optional<timestamp> next{}; ///< time of the next attempt; empty if there is none
        bool is_dead = false;            ///< the message is given up; set by `write`
    };

    [[nodiscard]] channel& channel_of(const destination_key& destination) {
        return channels_.at(destination.kind);
    }
    [[nodiscard]] result<void> write(storage::transaction& tx, finished_attempt& attempt);
    void count(const finished_attempt& attempt);
    [[nodiscard]] bool is_busy(const destination_key& destination) const;
    [[nodiscard]] result<void> read(std::vector<storage::pending_message>& next);
    [[nodiscard]] std::chrono::milliseconds start_due();
    [[nodiscard]] result<void> start(const storage::pending_message& due);

    dependencies deps_;
    std::map<destination_kind, channel> channels_;
    std::shared_ptr<inbox> inbox_; ///< shared with the completions, which may outlive the dispatcher
    std::unordered_map<message_id, storage::pending_message> in_flight_; ///< started, outcome not stored yet
    std::vector<finished_attempt> unwritten_;                            ///< of messages in `in_flight_`
    steady_point next_write_at_{};
    bool write_failed_ = false;
    bool read_failed_ = false;
};

} // namespace breakwater::outbox

#pragma once

#include "base/result.hpp"
#include "domain/reading.hpp"
#include "storage/database.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>
#include <vector>

namespace breakwater::telemetry {

/// Group commit for readings: while one transaction is under way the next ones gather, and go together as
/// soon as the writer has time. A failed transaction fails its own batch and nothing else. Any thread may
/// call; nothing but `drain` blocks.
class batch_writer {
public:
    using completion = std::move_only_function<void(result<reading>)>;
    /// For readings that came together: all of them, as they are stored (id 0: the device is gone).
    using bundle_completion = std::move_only_function<void(result<std::span<reading>>)>;
    /// Readings that came together.
    struct bundle {
        std::vector<reading> readings;
        /// Of the same; null where nothing could be (`database::prepare`).
        std::unique_ptr<storage::prepared_readings> prepared{};
    };
    /// Once a batch, before its completions: the readings (id 0: its device is gone) and how it went.
    using observer = std::move_only_function<void(std::span<const reading>, const result<void>&)>;
    /// For a reading whose device was gone when its batch was written.
    using orphan_handler = std::move_only_function<void(reading, completion)>;

    struct options {
        std::size_t max_pending;
        std::size_t max_batch;
        /// What may wait, in bytes (`size_of`). An account may have as much waiting as is free for all: one
        /// that floods gets half of it, two a third each, and there is always room for the next.
        std::size_t max_bytes = std::size_t{32} << 20;
        std::size_t max_batch_bytes = std::size_t{4} << 20; ///< in one transaction; a bundle isn't cut
        bool behind = false; ///< its transactions let others go first (`database::write_behind`)
    };

    /// What a reading takes while it waits, in bytes.
    [[nodiscard]] static std::size_t size_of(const reading& what) noexcept;

    batch_writer(storage::database& store, const options& chosen, observer settled, orphan_handler orphaned);
    /// As `drain`.
    ~batch_writer();
    batch_writer(const batch_writer&) = delete;
    batch_writer& operator=(const batch_writer&) = delete;

    /// Takes both and calls `done` (which may be empty) once, after the commit or its failure, on the
    /// writer's thread. False, with both untouched, where `bound` (at most `max_pending`) or more are
    /// waiting, or too many bytes for one more of this account.
    [[nodiscard]] bool try_submit(user_id account, reading& what, completion& done, std::size_t bound);
    /// The same for readings that go in one transaction, whatever its bound.
    [[nodiscard]] bool try_submit_bundle(user_id account, bundle& what, bundle_completion& done,
                                         std::size_t bound);
    /// Readings that wait; those in the transaction under way are not among them.
    [[nodiscard]] std::size_t pending() const;
    /// What they take, in bytes.
    [[nodiscard]] std::size_t pending_bytes() const;
    /// Waits until nothing is under way. REQUIRES: the database still answers, and nobody submits.
    void drain();

private:
    /// Who waits for the next `count` readings of a batch.
    struct waiter {
        std::size_t count = 1;
        user_id account = 0;
        std::size_t bytes = 0;
        completion one; ///< or
        bundle_completion all;
        std::unique_ptr<storage::prepared_readings> prepared{};
    };
    struct batch {
        std::vector<reading> readings;
        std::vector<waiter> waiters;
        std::size_t bytes = 0;
    };

    /// REQUIRES: mutex_.
    [[nodiscard]] bool has_room(user_id account, std::size_t count, std::size_t bytes,
                                std::size_t bound) const;
    /// REQUIRES: mutex_.
    void add(waiter added, batch& to);
    /// The batch that takes what comes next. REQUIRES: mutex_.
    batch& last_batch();

    void flush();
    result<void> append(storage::transaction& within);
    void finish(result<void> outcome);
    void settle(batch& finished, result<void> outcome);
    [[nodiscard]] batch take_front();

    storage::database& store_;
    const options options_;
    observer settled_;
    orphan_handler orphaned_;

    mutable std::mutex mutex_;
    std::condition_variable idle_;
    std::deque<batch> waiting_; ///< each but the last is full
    std::size_t pending_ = 0;
    std::size_t pending_bytes_ = 0;
    std::unordered_map<user_id, std::size_t> bytes_of_; ///< of accounts with anything waiting
    bool under_way_ = false;
    batch spare_; ///< empty, with the room of an earlier one

    batch in_hand_; ///< of the transaction under way; only the flush touches it
};

} // namespace breakwater::telemetry

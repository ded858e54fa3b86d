#pragma once

#include "base/mutex.hpp"
#include "base/result.hpp"
#include "domain/reading.hpp"
#include "events/readings_committed.hpp"
#include "storage/catalogue.hpp"
#include "telemetry/fair_room.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace breakwater::telemetry {

/// Group commit for readings. The writer collects uploads in groups while a unit of work runs; the next unit
/// stores the oldest group. If a unit fails, only its uploads fail. If the database refuses a unit without
/// running it (its queue is full), all queued uploads fail. Any thread may call; only `drain` and the
/// destructor block.
class group_writer {
public:
    using completion = std::move_only_function<void(result<events::committed_upload>)>;
    /// Called once for each group, before the completions of its uploads, even if the database refused its
    /// unit of work. On failure, ids and outcomes of the readings mean nothing.
    using observer = std::move_only_function<void(const events::committed_readings&, const result<void>&)>;

    struct options {
        std::size_t max_pending;         ///< queued readings
        std::size_t max_per_transaction; ///< a group with this many readings takes no more
        /// Bytes of the queue (`size_of`). Accounts share them as in `fair_room`.
        std::size_t max_bytes = std::size_t{32} << 20;
        /// A group with this many bytes takes no more.
        std::size_t max_bytes_per_transaction = std::size_t{4} << 20;
        bool low_priority = false; ///< other units of work go first (`catalogue::write_behind_async`)
    };

    /// Bytes that a queued reading occupies.
    [[nodiscard]] static std::size_t size_of(const reading& item) noexcept;

    group_writer(storage::catalogue& store, const options& settings, observer on_commit);
    /// Calls `drain`.
    ~group_writer();
    group_writer(const group_writer&) = delete;
    group_writer& operator=(const group_writer&) = delete;

    using prepared_readings = std::unique_ptr<storage::prepared_readings>;
    /// Queues an upload and moves from `readings`, `prepared` (what `series_preparer::prepare` made of them,
    /// or null) and `done`. One transaction stores it, whatever its size. `done` (may be empty) is called
    /// once, after the commit or the failure; if the storage refuses the unit of work, on the calling thread.
    /// It must not block, like each completion of `storage::catalogue`. Returns false and leaves all three
    /// untouched if the queue would exceed `limit` (at most `max_pending`) readings, or the account its share
    /// of bytes. REQUIRES: `readings` is not empty.
    [[nodiscard]] bool try_submit(user_id account, std::span<reading> readings, prepared_readings& prepared,
                                  completion& done, std::size_t limit);
    /// The number of queued readings, without those in the running transaction.
    [[nodiscard]] std::size_t pending() const;
    /// The bytes of the same readings.
    [[nodiscard]] std::size_t pending_bytes() const;
    /// Waits until the queue is empty and no transaction runs. REQUIRES: the database still answers, and
    /// nobody submits any more.
    void drain();

private:
    /// One call of `try_submit`. The uploads of a group share its readings in order.
    struct upload {
        std::size_t end = 0; ///< in `group::readings`: the index after its last reading
        user_id account = 0;
        std::size_t bytes = 0;
        completion done;
        prepared_readings prepared{};
    };
    struct group {
        std::vector<reading> readings;
        std::vector<upload> uploads;
        std::size_t bytes = 0;
    };

    /// The last group of the queue; a new one if that is full or there is none.
    group& open_group() REQUIRES(mutex_);

    void flush();
    result<void> append(storage::transaction& tx);
    void finish(result<void> outcome);
    void complete(group finished, const result<void>& outcome);
    [[nodiscard]] group take_front();

    storage::catalogue& store_;
    const options options_;
    observer on_commit_;

    mutable mutex mutex_;
    condition_variable idle_;
    std::deque<group> queue_ GUARDED_BY(mutex_); ///< all but the last group are full
    fair_room pending_ GUARDED_BY(mutex_);
    bool is_writing_ GUARDED_BY(mutex_) = false;

    group current_; ///< the group of the running transaction; only `append` and `finish` use it
};

} // namespace breakwater::telemetry

#pragma once

#include "base/mutex.hpp"
#include "storage/engine/compaction.hpp"
#include "storage/engine/series_tables.hpp"
#include "storage/engine/shared_state.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <span>
#include <thread>
#include <vector>

namespace breakwater::storage::engine {

/// What the compactor needs of a backend.
class compaction_host {
public:
    using work = std::function<result<void>(series_tables&)>;

    virtual ~compaction_host() = default;
    /// Runs the work over one snapshot. Called by one thread at a time.
    virtual result<void> read(const work& planned) = 0;
    /// Runs the work in a transaction of the writer, with priority `behind`.
    virtual result<void> write(const work& applied) = 0;
    /// Deletes buffered readings that are in blocks: those that are worth a transaction, or all if
    /// `everything`. Stops early when `stopping` returns true. Called by the thread that calls `read`.
    virtual result<void> trim(bool everything, const std::function<bool()>& stopping) = 0;
};

/// Moves buffered readings into blocks, and trims the moved readings from the write buffer. It plans on a
/// thread of its own; the writer runs only small units of work for it.
class compactor {
public:
    /// Above this many buffered readings, devices with few readings are compacted as well. This bounds the
    /// size of the table, the memory for its index, and the time to load the index at start.
    static constexpr reading_id target_buffered = 500'000;

    /// The next run compacts a reading that was buffered for this long, even if its device has few readings.
    /// Otherwise it would escape retention, which removes only readings in blocks.
    static constexpr std::chrono::hours max_buffered_age{24};

    /// With `own_thread`, compacts on a thread of its own after each `wake`; otherwise only in `run`.
    compactor(compaction_host& host, shared_state& shared, bool own_thread);
    /// Stops after the current unit of work. REQUIRES: the writer still runs.
    ~compactor();
    compactor(const compactor&) = delete;
    compactor& operator=(const compactor&) = delete;

    /// Starts a run. Call it when a device is due. Any thread may call. Doesn't block.
    void wake();
    /// Compacts until no device is due; with `everything`, until no buffered reading remains. Returns the
    /// number of moved readings. Blocks; concurrent calls run one after the other.
    result<std::size_t> run(bool everything);

private:
    void loop();
    result<std::size_t> work(bool everything) REQUIRES(run_mutex_);
    [[nodiscard]] bool stopping() const;
    [[nodiscard]] std::vector<device_key> next_devices(bool everything);
    result<std::size_t> compact(const std::vector<device_key>& devices) REQUIRES(run_mutex_);
    result<std::vector<compaction_plan>> plan(const std::vector<device_key>& devices) REQUIRES(run_mutex_);
    /// In one transaction. Returns the number of moved readings.
    result<std::size_t> apply(std::span<const compaction_plan> plans) REQUIRES(run_mutex_);
    compaction_host& host_ GUARDED_BY(run_mutex_);
    shared_state& shared_;
    mutex run_mutex_;

    mutable mutex mutex_;
    condition_variable woken_;
    bool due_ GUARDED_BY(mutex_) = false;
    bool stopping_ GUARDED_BY(mutex_) = false;
    std::thread thread_; ///< last: the thread uses all other members
};

} // namespace breakwater::storage::engine

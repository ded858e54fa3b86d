#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/mutex.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace breakwater::storage::engine {

/// The database's integer key of a device: `devices.key`.
using device_key = std::int64_t;

/// A reading in the write buffer, without its payload: enough for a query to decide whether it needs the row.
class buffered_reading {
public:
    buffered_reading(reading_id id, timestamp received_at, bool simulated) noexcept
        : id_and_kind_{id * 2 + (simulated ? 1 : 0)}, received_at_{received_at} {}
    [[nodiscard]] reading_id id() const noexcept { return id_and_kind_ / 2; }
    [[nodiscard]] bool simulated() const noexcept { return id_and_kind_ % 2 != 0; }
    [[nodiscard]] timestamp received_at() const noexcept { return received_at_; }

private:
    std::int64_t id_and_kind_;
    timestamp received_at_;
};

struct appended_reading {
    device_key device;
    buffered_reading entry;
};

/// Index of the write buffer by device. The stored buffer has no such index; this one is in memory and takes
/// 16 bytes for each reading. The writer adds committed readings in id order. A reader ignores the entries
/// that its snapshot does not contain. Compacted entries stay in the index until the device's next
/// compaction, so that a snapshot slightly older than the last compaction still finds its rows. Any thread
/// may call.
class write_buffer_index {
public:
    /// A device with this many uncompacted readings is due for compaction.
    static constexpr std::size_t compaction_size = 512;
    /// Whenever this many readings were added, `add` returns true, so that the compactor checks the size of
    /// the whole buffer.
    static constexpr std::size_t check_interval = 65'536;

    struct device_view {
        std::vector<buffered_reading> entries; ///< in ascending id order
        reading_id discarded_through = 0;      ///< entries up to this id are no longer in the index
    };

    /// Returns true when the compactor should run: a device became due, or `check_interval` readings were
    /// added since the last check.
    bool add(std::span<const appended_reading> committed);
    [[nodiscard]] device_view view(device_key device) const;
    /// Records that the device's readings up to this id are in blocks.
    void compacted(device_key device, reading_id through);
    /// For a new index over an existing file: sets the first id that will be added.
    void begin_at(reading_id next);
    /// Removes a deleted device.
    void drop(device_key device);

    /// Takes at most `max_count` devices that are due, each once.
    [[nodiscard]] std::vector<device_key> take_due(std::size_t max_count);
    /// Call it after a failed compaction of these devices. Makes them due again.
    void requeue(std::span<const device_key> devices);
    /// At most `max_count` devices with an uncompacted reading below this id.
    [[nodiscard]] std::vector<device_key> uncompacted_before(reading_id limit, std::size_t max_count) const;
    /// At most `max_count` devices with an uncompacted reading that arrived at least `age` before the newest
    /// reading of all devices.
    [[nodiscard]] std::vector<device_key> uncompacted_for(std::chrono::microseconds age,
                                                          std::size_t max_count) const;
    /// The lowest uncompacted id; if all readings are compacted, `end()`. Takes constant time, because the
    /// writer waits for the lock.
    [[nodiscard]] reading_id first_uncompacted() const;
    /// The devices with an uncompacted reading that isn't simulated and arrived at `since` or later.
    [[nodiscard]] std::vector<device_key> active_since(timestamp since) const;
    /// One more than the highest id that was ever added.
    [[nodiscard]] reading_id end() const;
    /// The number of uncompacted readings of all devices.
    [[nodiscard]] std::size_t uncompacted() const;

private:
    struct device_entries {
        std::vector<buffered_reading> entries;
        reading_id compacted_through = 0;
        reading_id discarded_through = 0;
        std::size_t uncompacted = 0;
        /// The first uncompacted reading; the device's position in the two sets below.
        std::optional<buffered_reading> oldest{};
    };

    /// Updates the device's position in the two sets.
    void update_position(device_key device, device_entries& state) REQUIRES(mutex_);

    mutable mutex mutex_;
    std::unordered_map<device_key, device_entries> devices_ GUARDED_BY(mutex_);
    // Devices with uncompacted readings, ordered by the id and by the arrival of their first such reading. So
    // the oldest are found without a scan of all devices.
    std::set<std::pair<reading_id, device_key>> by_first_id_ GUARDED_BY(mutex_);
    std::set<std::pair<timestamp, device_key>> by_first_arrival_ GUARDED_BY(mutex_);
    std::vector<device_key> due_ GUARDED_BY(mutex_);
    reading_id end_ GUARDED_BY(mutex_) = 1;
    timestamp newest_ GUARDED_BY(mutex_) = timestamp::min();
    std::size_t uncompacted_ GUARDED_BY(mutex_) = 0;
    std::size_t added_since_check_ GUARDED_BY(mutex_) = 0;
};

} // namespace breakwater::storage::engine

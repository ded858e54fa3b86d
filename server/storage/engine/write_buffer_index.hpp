#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/mutex.hpp"

#include <array>
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

/// The writer of a buffered reading. A backend with one writer uses 0.
using lane_number = std::uint8_t;

/// A reading in the write buffer, without its payload: enough for a query to decide whether it needs the row.
class buffered_reading {
public:
    /// REQUIRES: 0 <= id < 2^54.
    buffered_reading(reading_id id, timestamp received_at, bool simulated, lane_number lane = 0) noexcept
        : packed_{id << id_shift | std::int64_t{lane} << 1 | (simulated ? 1 : 0)},
          received_at_{received_at} {}
    [[nodiscard]] reading_id id() const noexcept { return packed_ >> id_shift; }
    [[nodiscard]] lane_number lane() const noexcept { return static_cast<lane_number>(packed_ >> 1); }
    [[nodiscard]] bool simulated() const noexcept { return packed_ % 2 != 0; }
    [[nodiscard]] timestamp received_at() const noexcept { return received_at_; }

private:
    static constexpr int id_shift = 9;
    std::int64_t packed_;
    timestamp received_at_;
};

/// The buffered readings that a transaction sees: of each lane those up to an id.
class visible_readings {
public:
    explicit visible_readings(reading_id last_of_all) noexcept : last_of_all_{last_of_all} {}
    /// One id for each lane. `last_of_lanes` must outlive this object.
    explicit visible_readings(std::span<const reading_id, 256> last_of_lanes) noexcept
        : last_of_lanes_{last_of_lanes.data()} {}
    [[nodiscard]] bool includes(const buffered_reading& entry) const noexcept {
        return entry.id() <= (last_of_lanes_ == nullptr ? last_of_all_ : last_of_lanes_[entry.lane()]);
    }

private:
    reading_id last_of_all_ = 0;
    const reading_id* last_of_lanes_ = nullptr;
};

struct appended_reading {
    device_key device;
    buffered_reading entry;
};

/// Index of the write buffer by device. The stored buffer has no such index; this one is in memory and takes
/// 16 bytes for each reading. The readings of a lane are added in id order. A reader ignores the entries
/// that its snapshot does not contain. Compacted entries stay in the index until the device's next
/// compaction, so that a snapshot slightly older than the last compaction still finds its rows. Any thread
/// may call.
///
/// Several processes may write to one database. Then the index also has the readings that others wrote. Each
/// process compacts only the devices that it owns.
class write_buffer_index {
public:
    /// A device with this many uncompacted readings is due for compaction.
    static constexpr std::size_t compaction_size = 512;
    /// Whenever `add` has added this many readings, it returns true, so that the compactor checks the size of
    /// the whole buffer.
    static constexpr std::size_t check_interval = 65'536;

    struct device_view {
        std::vector<buffered_reading> entries; ///< in ascending id order
        reading_id discarded_through = 0;      ///< entries up to this id are no longer in the index
    };

    /// Adds readings that this process wrote, and records that it owns their devices: otherwise it could not
    /// have written them. Returns true when the compactor should run: a device became due, or
    /// `check_interval` readings were added since it last returned true for that reason.
    bool add(std::span<const appended_reading> committed);
    /// Adds readings that other processes wrote, in the order of ids for each of their lanes. Doesn't change
    /// who owns their devices: a device that is new in the index belongs to others.
    void add_foreign(std::span<const appended_reading> committed);
    /// Records whether this process owns the device, and so compacts its readings. Does nothing if the index
    /// doesn't have the device: add its readings first. Returns true if the device became due by this.
    bool set_owned(device_key device, bool owned);
    [[nodiscard]] device_view view(device_key device) const;
    /// Records that the device's readings up to this id are in blocks.
    void compacted(device_key device, reading_id through);
    /// Records that the next reading of the lane will have this id or a higher one: for readings that are
    /// stored but not in the index.
    void begin_at(reading_id next, lane_number lane = 0);
    /// Removes a deleted device.
    void drop(device_key device);

    /// Takes at most `max_count` devices that are due, each once.
    [[nodiscard]] std::vector<device_key> take_due(std::size_t max_count);
    /// Call it after a failed compaction of these devices. Makes them due again.
    void requeue(std::span<const device_key> devices);
    /// At most `max_count` owned devices with an uncompacted reading below this id.
    [[nodiscard]] std::vector<device_key> uncompacted_before(reading_id limit, std::size_t max_count) const;
    /// At most `max_count` devices of others with an uncompacted reading below this id.
    [[nodiscard]] std::vector<device_key> foreign_before(reading_id limit, std::size_t max_count) const;
    /// At most `max_count` owned devices with an uncompacted reading that arrived at least `age` before the
    /// newest reading of all devices.
    [[nodiscard]] std::vector<device_key> uncompacted_for(std::chrono::microseconds age,
                                                          std::size_t max_count) const;
    /// The lowest uncompacted id of all devices, or of the owned ones; if their readings are all compacted,
    /// `end()`. Takes constant time, because the writer waits for the lock.
    [[nodiscard]] reading_id first_uncompacted() const;
    [[nodiscard]] reading_id first_owned_uncompacted() const;
    /// Devices with a reading in the index that isn't simulated and arrived at `since` or later. Looks only
    /// at devices with uncompacted readings, but at all their entries, also the compacted ones. Search the
    /// blocks for other devices.
    [[nodiscard]] std::vector<device_key> active_since(timestamp since) const;
    /// Higher than every id that was ever added, and at least every id that `begin_at` got. 1 at first.
    [[nodiscard]] reading_id end() const;
    /// All readings of the lane below this id were added once, and are in blocks or of deleted devices.
    [[nodiscard]] reading_id compacted_end(lane_number lane) const;
    /// The number of uncompacted readings of all devices.
    [[nodiscard]] std::size_t uncompacted() const;

private:
    struct device_entries {
        std::vector<buffered_reading> entries;
        reading_id compacted_through = 0;
        reading_id discarded_through = 0;
        std::size_t uncompacted = 0;
        bool owned = false;  ///< by this process
        bool is_due = false; ///< in `due_`
        /// The first uncompacted reading; the device's position in the sets below.
        std::optional<buffered_reading> oldest{};
    };
    using devices_by_id = std::set<std::pair<reading_id, device_key>>;

    void insert(const appended_reading& added, device_entries& state) REQUIRES(mutex_);
    /// Returns true if the device is due, and was not before.
    bool check_due(device_key device, device_entries& state) REQUIRES(mutex_);
    [[nodiscard]] reading_id lowest_uncompacted() const REQUIRES(mutex_);
    void remove_position(device_key device, device_entries& state) REQUIRES(mutex_);
    /// Updates the device's position in the sets.
    void update_position(device_key device, device_entries& state) REQUIRES(mutex_);

    mutable mutex mutex_;
    std::unordered_map<device_key, device_entries> devices_ GUARDED_BY(mutex_);
    // Devices with uncompacted readings, ordered by the id and by the arrival of their first such reading. So
    // the oldest are found without a scan of all devices.
    devices_by_id owned_by_first_id_ GUARDED_BY(mutex_);
    devices_by_id foreign_by_first_id_ GUARDED_BY(mutex_);
    std::set<std::pair<timestamp, device_key>> owned_by_first_arrival_ GUARDED_BY(mutex_);
    std::vector<device_key> due_ GUARDED_BY(mutex_); ///< each once
    reading_id end_ GUARDED_BY(mutex_) = 1;
    std::array<reading_id, 256> lane_ends_ GUARDED_BY(mutex_){}; ///< as `end_`, for each lane
    timestamp newest_ GUARDED_BY(mutex_) = timestamp::min();
    std::size_t uncompacted_ GUARDED_BY(mutex_) = 0;
    std::size_t added_since_check_ GUARDED_BY(mutex_) = 0;
};

} // namespace breakwater::storage::engine

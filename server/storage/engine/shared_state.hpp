#pragma once

#include "storage/engine/damage_log.hpp"
#include "storage/engine/latest_cache.hpp"
#include "storage/engine/write_buffer_index.hpp"
#include "storage/series_store.hpp"

#include <cstddef>
#include <limits>
#include <optional>
#include <unordered_map>
#include <vector>

namespace breakwater::storage::engine {

/// State that the writer caches between transactions, so that storing a reading needs no look-up. Removing a
/// device drops it from the cache at once, whether or not the removal is rolled back.
struct writer_memory {
    struct device_memory {
        device_key key = 0;
        /// Position of the device's last reading, or an upper bound of it. Empty: not looked up yet.
        std::optional<reading_position> last{};
        bool has_real_reading = false; ///< `device::first_reading_at` is set
    };
    std::unordered_map<uuid, device_memory> devices{};
    /// The open transaction added a device, took one over, or stored a device's first real reading: rolling
    /// it back must clear `devices`.
    bool device_added = false;
    lane_number lane = 0; ///< of the writer
    reading_id next_reading_id = 1;
    reading_id end_reading_id = std::numeric_limits<reading_id>::max(); ///< the first id to reserve
    // Changes by the open transaction; the write buffer's index gets them after the commit.
    std::vector<appended_reading> appended{};
    std::vector<device_key> removed{}; ///< devices that were purged completely

    /// The changes so far of the open transaction.
    struct mark {
        std::size_t appended = 0;
        std::size_t removed = 0;
    };
    [[nodiscard]] mark here() const noexcept { return {appended.size(), removed.size()}; }
    /// Undoes the changes since the mark.
    void roll_back(const mark& to) {
        appended.erase(appended.begin() + static_cast<std::ptrdiff_t>(to.appended), appended.end());
        removed.resize(to.removed);
        if (device_added)
            devices.clear();
    }
    /// Undoes all changes of the open transaction.
    void roll_back() {
        devices.clear();
        appended.clear();
        removed.clear();
    }
};

/// State that all connections to one database share.
struct shared_state {
    explicit shared_state(const clock& source) noexcept : time{source} {}
    /// The latest plausible time of measurement, as in `blocks::latest_values`.
    [[nodiscard]] timestamp latest_plausible() const noexcept {
        return blocks::latest_plausible_time(time.now());
    }
    /// Makes the changes of a committed transaction known to readers. Returns true when the compactor should
    /// run.
    bool publish(writer_memory& memory) {
        for (const device_key device : memory.removed) {
            buffered.drop(device);
            latest.drop(device);
        }
        memory.removed.clear();
        const bool due = buffered.add(memory.appended);
        memory.appended.clear();
        return due;
    }

    const clock& time;
    write_buffer_index buffered;
    damage_log damage;
    latest_cache latest;
    std::size_t max_buffered = 0; ///< uncompacted readings; above it `append` fails with `overloaded`
};

} // namespace breakwater::storage::engine

#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace breakwater::storage::sqlite {

/// What the database calls a device: `devices.key`.
using device_key = std::int64_t;

/// A hot reading: what a query must know to decide whether it wants the row.
class hot_entry {
public:
    hot_entry(reading_id id, timestamp received_at, bool simulated) noexcept
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
    hot_entry entry;
};

/// Where each device's hot readings are: the index that the table of them hasn't, in memory, 16 bytes a
/// reading. The writer adds to it what it has committed, in order; whoever reads takes from it what the
/// snapshot shows. So that a snapshot a little older than the last fold finds its rows, the entries of a fold
/// stay until the device's next one. Any thread may call.
class hot_index {
public:
    /// With so many hot readings a device is due to be folded.
    static constexpr std::size_t fold_size = 512;
    /// After so many hot readings somebody should look whether there are too many of them.
    static constexpr std::size_t look_after = 65'536;

    struct device_view {
        std::vector<hot_entry> entries;   ///< ids rising
        reading_id forgotten_through = 0; ///< what isn't among them any more
    };

    /// True where a device became due, and now and then.
    bool add(std::span<const appended_reading> committed);
    [[nodiscard]] device_view of(device_key device) const;
    /// Up to this id the device's readings are in blocks.
    void folded(device_key device, reading_id through);
    /// From now on ids go up from here: what a new index learns from the file.
    void begin_at(reading_id next);
    /// The device is gone.
    void drop(device_key device);

    /// At most `most` devices that are due, each once.
    [[nodiscard]] std::vector<device_key> take_due(std::size_t most);
    /// What was taken, and couldn't be folded.
    void put_back(std::span<const device_key> devices);
    /// At most `most` devices with anything left to fold from before this id.
    [[nodiscard]] std::vector<device_key> unfolded_before(reading_id limit, std::size_t most) const;
    /// At most `most` devices with anything left to fold that arrived so long before the newest reading of
    /// all.
    [[nodiscard]] std::vector<device_key> unfolded_for(std::chrono::microseconds age, std::size_t most) const;
    /// The lowest id that isn't folded; where all are, one more than the highest that was ever added. In
    /// constant time, since the writer waits for the lock.
    [[nodiscard]] reading_id first_unfolded() const;
    /// The devices with a reading that isn't simulated, isn't folded, and arrived at `since` or later.
    [[nodiscard]] std::vector<device_key> heard_since(timestamp since) const;
    /// One more than the highest id that was ever added.
    [[nodiscard]] reading_id end() const;
    /// How many aren't folded.
    [[nodiscard]] std::size_t unfolded() const;

private:
    struct device_entries {
        std::vector<hot_entry> entries;
        reading_id folded_through = 0;
        reading_id forgotten_through = 0;
        std::size_t unfolded = 0;
        std::optional<hot_entry> oldest{}; ///< of what isn't folded; as it stands in the two sets below
    };

    /// Puts the device in its places of the two sets. REQUIRES: mutex_.
    void place(device_key device, device_entries& its);

    mutable std::mutex mutex_;
    std::unordered_map<device_key, device_entries> devices_;
    // Devices with anything left to fold, by the id and by the arrival of the first of it: what is oldest is
    // found without a look at each of them.
    std::set<std::pair<reading_id, device_key>> by_first_id_;
    std::set<std::pair<timestamp, device_key>> by_first_arrival_;
    std::vector<device_key> due_;
    reading_id end_ = 1;
    timestamp newest_ = timestamp::min();
    std::size_t unfolded_ = 0;
    std::size_t since_look_ = 0;
};

class connection;

/// Tells the index of the hot readings past `after` that the file has; the highest id it saw.
result<reading_id> learn_hot(connection& db, hot_index& index, reading_id after);

} // namespace breakwater::storage::sqlite

#pragma once

#include "base/result.hpp"
#include "domain/reading.hpp"
#include "storage/latest.hpp"
#include "storage/series.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace breakwater::storage {

/// Which readings of one device. The bounds are inclusive and on `received_at`.
struct reading_filter {
    breakwater::device_id device_id;
    std::optional<timestamp> since;
    std::optional<timestamp> until;
    bool include_simulated = false;
};

/// A place in the order of (received_at, id): the keyset of a cursor.
struct reading_position {
    timestamp received_at;
    reading_id id;

    friend auto operator<=>(const reading_position&, const reading_position&) = default;
};

enum class reading_order : bool { newest_first, oldest_first };

struct reading_summary {
    std::int64_t total = 0;
    std::optional<timestamp> oldest;
    std::optional<timestamp> newest;
};

/// A page of readings ends once their payloads have so many bytes, however few they are.
inline constexpr std::size_t max_page_bytes = std::size_t{8} << 20;

/// Work on readings that was done before they are stored (`database::prepare`), so that the writer needn't.
class prepared_readings {
public:
    virtual ~prepared_readings() = default;
    /// What it takes in memory.
    [[nodiscard]] virtual std::size_t bytes() const noexcept = 0;
};

class reading_store {
public:
    virtual ~reading_store() = default;

    /// At most `limit` readings beyond `after` in the given order, filtered before they are counted; fewer
    /// where they reach `max_page_bytes`. None: that was all.
    virtual result<std::vector<reading>> page(const reading_filter& filter, reading_order order,
                                              std::optional<reading_position> after,
                                              std::size_t limit) const = 0;
    /// Counted by the database, in constant memory.
    virtual result<reading_summary> summary(const reading_filter& filter) const = 0;
    /// A series for each field, in order. Numbers, and booleans as 0 and 1, count; all else doesn't.
    virtual result<std::vector<series>> aggregates(const series_question& asked) const = 0;
    /// The last value of every field of each of the devices, in their order, by when it was measured; and
    /// when a reading last came.
    virtual result<std::vector<latest_state>> latest(std::span<const device_id> devices,
                                                     bool include_simulated) const = 0;
    /// When a reading last came from the device. One that came more than five minutes ahead of now came under
    /// a wrong clock: it counts where no other did.
    virtual result<std::optional<timestamp>> last_received(device_id device,
                                                           bool include_simulated) const = 0;
    /// The devices that sent anything at `since` or later, each once. The cost grows with them and with what
    /// waits to be compacted, not with the fleet.
    virtual result<std::vector<device_id>> heard_since(timestamp since) const = 0;

    /// Stores all or none and gives each its id, in order. A reading whose device is gone is left out with
    /// its id at 0, and the others are stored: one device's deletion must not cost others their readings. One
    /// with a `message_id` that its device used before isn't stored again: it becomes the one that is. The
    /// first one that isn't simulated makes its device real, for good.
    /// `prepared`: what `database::prepare` made of the same readings; null: nothing was.
    virtual result<void> append(std::span<reading> readings, const prepared_readings* prepared) = 0;
    result<void> append(std::span<reading> readings) { return append(readings, nullptr); }
    /// Forgets at most `most` message ids of readings that arrived before `limit`. How many those were.
    virtual result<std::int64_t> forget_message_ids(timestamp limit, std::int64_t most) = 0;
    /// Retention: removes what of the device is in its long-term form and arrived before the first time, and
    /// the rollups of what was measured before the second; about `most` readings and rollups. How many those
    /// were; less than `most`: all is done.
    virtual result<std::int64_t> expire(const device_id& device, std::optional<timestamp> readings_before,
                                        std::optional<timestamp> rollups_before, std::int64_t most) = 0;
    /// Removes readings of devices that are gone, to which nothing leads any more: about `most` of them, so
    /// that a call takes about as long as another. Tells how much was done of it, searching included; less
    /// than `most`: all is done.
    virtual result<std::int64_t> purge(std::int64_t most) = 0;
};

} // namespace breakwater::storage

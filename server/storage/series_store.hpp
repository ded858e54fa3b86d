#pragma once

#include "base/result.hpp"
#include "domain/latest.hpp"
#include "domain/reading.hpp"
#include "storage/series.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace breakwater::storage {

/// Selects readings of one device. The bounds are inclusive and apply to `received_at`.
struct reading_filter {
    breakwater::device_id device_id;
    std::optional<timestamp> since;
    std::optional<timestamp> until;
    bool include_simulated = false;
};

/// A position in the order of (received_at, id). The cursors of the API contain it.
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

/// A page of readings ends when its payloads reach this size, even if it has fewer readings than requested.
inline constexpr std::size_t max_page_bytes = std::size_t{8} << 20;

/// The part of an append that is done before its transaction.
class prepared_readings {
public:
    virtual ~prepared_readings() = default;
    /// The memory that the object uses.
    [[nodiscard]] virtual std::size_t bytes() const noexcept = 0;
};

/// Prepares appends outside of transactions, so that transactions are shorter.
class series_preparer {
public:
    virtual ~series_preparer() = default;

    /// Does the expensive part of an append. `readings` are those that `series_store::append` will receive.
    /// Returns null if preparing would save nothing. Any thread may call. Uses the CPU, but does not wait for
    /// locks or I/O.
    [[nodiscard]] virtual std::unique_ptr<prepared_readings>
    prepare(std::span<const reading> readings) const = 0;
};

/// The readings of all devices. A `snapshot` gives access to the const members only; a `transaction` to all.
class series_store {
public:
    virtual ~series_store() = default;

    /// At most `limit` readings that match the filter and come after `after` in the given order. The page has
    /// fewer if they reach `max_page_bytes`. Only an empty page means the end.
    virtual result<std::vector<reading>> page(const reading_filter& filter, reading_order order,
                                              std::optional<reading_position> after,
                                              std::size_t limit) const = 0;
    /// The number of readings that match the filter, with the oldest and newest time. Needs constant memory.
    virtual result<reading_summary> summary(const reading_filter& filter) const = 0;
    /// One series for each queried field, in the order of the query. Aggregates numbers, and booleans as 0
    /// and 1. Ignores all other values.
    virtual result<std::vector<series>> aggregates(const series_query& query) const = 0;
    /// One state for each device, in the order of `devices`. A state has the last measured value of each
    /// field, and the time when the last reading was received.
    virtual result<std::vector<latest_state>> latest(std::span<const device_id> devices,
                                                     bool include_simulated) const = 0;
    /// When the last reading of each device was received, in the order of `devices`. If a reading's time of
    /// receipt lies more than five minutes in the future, the server's clock was wrong when it stored the
    /// reading. Such a reading counts only if there is no other.
    virtual result<std::vector<std::optional<timestamp>>> last_received(std::span<const device_id> devices,
                                                                        bool include_simulated) const = 0;
    result<std::optional<timestamp>> last_received(const device_id& device, bool include_simulated) const {
        auto times = last_received(std::span{&device, 1}, include_simulated);
        return times ? result<std::optional<timestamp>>{times->front()} : pass(std::move(times));
    }
    /// The devices with a reading received at `since` or later, each once. The cost depends on the number of
    /// these devices and on the number of buffered readings, not on the size of the fleet.
    virtual result<std::vector<device_id>> active_since(timestamp since) const = 0;

    /// Stores all readings or none. Sets the outcome of each reading, and the ids of the stored ones, in
    /// ascending order. If the transaction fails, ids and outcomes mean nothing. In detail:
    /// - If the device of a reading does not exist, the store skips the reading (`no_device`). It stores the
    ///   others, because the deletion of one device must not lose the readings of other devices.
    /// - If another process owns the device of a reading, the store skips the reading (`elsewhere`).
    /// - If a reading has a `message_id` that its device used before, the store does not store it again. It
    ///   replaces the reading in `readings` by the stored one (`repeated`).
    /// - The first real (not simulated) reading of a device makes the device real, permanently.
    ///
    /// `prepared` is the result of `series_preparer::prepare` for the same readings, or null.
    virtual result<void> append(std::span<reading> readings, const prepared_readings* prepared) = 0;
    result<void> append(std::span<reading> readings) { return append(readings, nullptr); }
    /// Deletes the message ids of at most `max_count` readings that were stored before `before`. Returns how
    /// many it deleted.
    virtual result<std::int64_t> forget_message_ids(timestamp before, std::int64_t max_count) = 0;
    /// Applies retention: removes about `max_count` of the device's compacted readings that were received
    /// before `readings_before`, and rollups of readings that were measured before `rollups_before`. Returns
    /// how many it removed. If that is less than `max_count`, none is left to remove. Removes nothing of a
    /// device that this process doesn't own.
    virtual result<std::int64_t> expire(const device_id& device, std::optional<timestamp> readings_before,
                                        std::optional<timestamp> rollups_before, std::int64_t max_count) = 0;
    /// Removes about `max_count` readings of deleted devices, so that all calls take about the same time.
    /// Returns the amount of work, including the search for such readings. If that is less than `max_count`,
    /// none is left to remove.
    virtual result<std::int64_t> purge(std::int64_t max_count) = 0;
};

} // namespace breakwater::storage

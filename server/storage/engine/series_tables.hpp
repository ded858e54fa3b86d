#pragma once

#include "base/result.hpp"
#include "storage/blocks/rollup.hpp"
#include "storage/engine/block_entry.hpp"
#include "storage/engine/write_buffer_index.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::storage::engine {

struct writer_memory;

/// How much of the write buffer a transaction sees of a device. Valid as long as its `series_tables`.
struct device_view {
    device_key key = 0;
    reading_id compacted_through = 0; ///< its readings up to this id are in blocks
    visible_readings visible{0};      ///< of all devices
};

/// What `latest` needs of a device besides its buffered readings.
struct device_state {
    device_view view;
    std::string latest; ///< as written by `blocks::latest_values`; empty: no values yet
    /// `received_at` of the newest reading in blocks.
    std::optional<timestamp> last_in_blocks;
};

/// A stored chunk of rollups.
struct rollup_row {
    std::int64_t key = 0;
    timestamp start{};
    std::string bytes; ///< empty: the chunk is sparse, or was damaged
};

/// Counts readings in blocks, with the oldest and the newest time.
struct block_totals {
    std::int64_t count = 0;
    std::optional<timestamp> oldest;
    std::optional<timestamp> newest;
};

/// The tables of readings of one backend, as one transaction sees them. `series_store`, the compaction and
/// others build on it what all backends do alike. Not for use by two threads at a time.
///
/// `owns` and all functions after it need the writer's connection and its open transaction, even those that
/// only read. Those before it also work in a snapshot.
class series_tables {
public:
    virtual ~series_tables() = default;

    // Both `locate`, `states_of` and `compacted_since` also add to the index of the write buffer what other
    // processes have committed and this transaction sees. So call one of them before you read the index.
    /// Empty if the device doesn't exist.
    virtual result<std::optional<device_view>> locate(const device_id& device) = 0;
    virtual result<std::optional<device_view>> locate(device_key device) = 0;
    /// In the order of `devices`; empty where a device doesn't exist. `last_in_blocks` is that of all
    /// readings, or of those that aren't simulated.
    virtual result<std::vector<std::optional<device_state>>> states_of(std::span<const device_id> devices,
                                                                       bool include_simulated) = 0;
    /// Devices with a block that ends at `since` or later; a device may occur several times.
    virtual result<std::vector<device_key>> compacted_since(timestamp since) = 0;
    /// The ids of the devices that exist.
    virtual result<std::vector<device_id>> ids_of(std::span<const device_key> devices) = 0;

    /// The buffered readings with these ids, in the same order and without `device_id`. Leaves out those that
    /// no longer exist.
    virtual result<std::vector<reading>> read_buffered(std::span<const buffered_reading> entries) = 0;
    /// The device's buffered readings with ids above `after`, up to `through`, by a search of the buffer. For
    /// a snapshot so old that the index has discarded its entries.
    virtual result<std::vector<buffered_reading>> scan_buffered(device_key device, reading_id after,
                                                                reading_id through) = 0;

    /// At most `limit` blocks of the device, the last first, beginning with the one that may hold the time
    /// `from`. `before`: only blocks that begin before this position.
    virtual result<std::vector<block_entry>> blocks_backwards(device_key device, timestamp from,
                                                              std::optional<reading_position> before,
                                                              std::size_t limit) = 0;
    /// The same, the first first. If several blocks begin at the same time, the result may include blocks
    /// that end before `from`. `after`: only blocks that begin after this position.
    virtual result<std::vector<block_entry>> blocks_forwards(device_key device, timestamp from,
                                                             std::optional<reading_position> after,
                                                             std::size_t limit) = 0;
    /// `not_found` if the block doesn't exist.
    virtual result<std::string> block_bytes(device_key device, std::int64_t block) = 0;
    /// The sum of the blocks that lie within [since, until].
    virtual result<block_totals> totals(device_key device, timestamp since, timestamp until,
                                        bool include_simulated) = 0;
    /// The blocks that `since` or `until` divides.
    virtual result<std::vector<std::int64_t>> divided_blocks(device_key device, timestamp since,
                                                             timestamp until) = 0;
    /// The blocks that may have real, or simulated, readings measured in [from, to).
    virtual result<std::vector<std::int64_t>> blocks_measured_in(device_key device, timestamp from,
                                                                 timestamp to, bool simulated) = 0;

    virtual result<std::optional<rollup_row>> find_rollup(device_key device, blocks::rollup_level level,
                                                          bool simulated, timestamp start) = 0;
    /// The chunks that start after `after` and before `before`, in order.
    virtual result<std::vector<rollup_row>> rollups(device_key device, blocks::rollup_level level,
                                                    bool simulated, timestamp after, timestamp before) = 0;
    /// As written by `blocks::latest_values`; empty: no values yet.
    virtual result<std::string> latest(device_key device) = 0;

    /// Whether this process owns the device: only the owner appends, compacts and expires its readings.
    virtual result<bool> owns(device_key device) = 0;
    /// Makes this process the owner, unless another running process is. Returns whether it is the owner. If
    /// another process was, `memory` gets new ids: the ids of a device's readings ascend.
    virtual result<bool> take(device_key device, writer_memory& memory) = 0;
    /// Makes the device real, if it isn't yet, and records the time of its first real reading.
    virtual result<void> record_first_reading(device_key device, timestamp received_at) = 0;
    /// Sets `next_reading_id` and `end_reading_id` of the memory, so that at least `count` ids are left.
    virtual result<void> reserve_ids(writer_memory& memory, std::size_t count) = 0;
    /// Records that `last` was assigned to a reading that is not in the buffer.
    virtual result<void> keep_last_id(reading_id last) = 0;
    virtual result<void> append_buffered(device_key device, std::span<const reading> readings) = 0;

    /// The position of the reading that used the message id, if the device used it before.
    virtual result<std::optional<reading_position>> find_message(device_key device,
                                                                 std::string_view message_id) = 0;
    virtual result<void> keep_message(device_key device, const reading& stored, timestamp now) = 0;
    /// As `series_store::forget_message_ids`.
    virtual result<std::int64_t> forget_messages(timestamp before, std::int64_t max_count) = 0;

    /// `bytes`: the result of `blocks::encode`. REQUIRES: no reading in the range of another block.
    virtual result<void> insert_block(device_key device, const block_description& added,
                                      const std::string& bytes) = 0;
    virtual result<bool> block_exists(device_key device, const block_entry& entry) = 0;
    /// REQUIRES: the block exists.
    virtual result<void> remove_block(device_key device, const block_entry& removed) = 0;
    virtual result<void> insert_rollup(device_key device, blocks::rollup_level level, bool simulated,
                                       timestamp start, const std::string& bytes) = 0;
    virtual result<void> update_rollup(device_key device, std::int64_t key, const std::string& bytes) = 0;
    /// Removes at most `max_count` of the first chunks that start at `last_start` or earlier.
    virtual result<std::int64_t> remove_rollups(device_key device, blocks::rollup_level level, bool simulated,
                                                timestamp last_start, std::int64_t max_count) = 0;
    virtual result<void> put_latest(device_key device, const std::string& bytes) = 0;
    virtual result<void> set_compacted(device_key device, reading_id through) = 0;

    /// A deleted device that still has stored parts; 0 if there is none.
    virtual result<device_key> next_removed() = 0;
    /// Each of these two removes a part of a deleted device, and returns the amount of work: 0 if nothing is
    /// left for it to remove. `purge_buffered` may leave buffered readings behind if the backend removes them
    /// in another way: then it does nothing and returns 0.
    virtual result<std::int64_t> purge_rollups(device_key device, std::int64_t max_count) = 0;
    virtual result<std::int64_t> purge_buffered(device_key device, std::int64_t max_count,
                                                const writer_memory& memory) = 0;
    /// Removes everything else of a deleted device.
    virtual result<void> forget_device(device_key device) = 0;
};

} // namespace breakwater::storage::engine

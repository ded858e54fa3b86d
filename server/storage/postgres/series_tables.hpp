#pragma once

#include "storage/engine/series_tables.hpp"
#include "storage/engine/shared_state.hpp"
#include "storage/postgres/chunk.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/lane_follower.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <unordered_set>

namespace breakwater::storage::postgres {

using engine::block_description;
using engine::block_entry;
using engine::block_totals;
using engine::buffered_reading;
using engine::device_key;
using engine::device_state;
using engine::device_view;
using engine::rollup_row;
using engine::shared_state;
using engine::writer_memory;

/// The number by which the tables with rows for each device can be divided.
[[nodiscard]] constexpr std::int64_t bucket_of(device_key device) noexcept {
    return device & 255;
}

/// The readings of a lane have ids from runs of the sequence `reading_id_runs`: run 0 begins with the id 1.
inline constexpr reading_id ids_per_run = 16'384;

/// The end of a lane, behind which the next chunk or commit goes.
struct lane_end {
    std::int64_t lane = 0;
    std::int64_t epoch = 0; ///< 0: the lane was not taken yet
    std::int64_t seq = 0;   ///< of the last chunk or commit
};

/// The lane of this process.
struct lane_state : lane_end {
    chunk_builder pending{}; ///< the readings of the open transaction, which become chunks when it commits
    std::unordered_set<device_key> departing{}; ///< devices that leave this node: nothing is appended to them
};

/// The tables of readings, over one connection.
class series_tables final : public engine::series_tables {
public:
    /// `own`: the writer's lane, which `owns` and the functions after it need; null for a connection that
    /// reads one snapshot.
    series_tables(connection& db, engine::damage_log& damage, lane_follower& lanes, lane_state* own) noexcept
        : db_{db}, damage_{damage}, lanes_{lanes}, own_{own} {}

    result<std::optional<device_view>> locate(const device_id& device) override;
    result<std::optional<device_view>> locate(device_key device) override;
    result<std::vector<std::optional<device_state>>> states_of(std::span<const device_id> devices,
                                                               bool include_simulated) override;
    result<std::vector<device_id>> ids_of(std::span<const device_key> devices) override;
    result<std::vector<reading>> read_buffered(std::span<const buffered_reading> entries) override;
    result<std::vector<buffered_reading>> scan_buffered(device_key device, reading_id after,
                                                        reading_id through) override;
    result<std::vector<block_entry>> blocks_backwards(device_key device, timestamp from,
                                                      std::optional<reading_position> before,
                                                      std::size_t limit) override;
    result<std::vector<block_entry>> blocks_forwards(device_key device, timestamp from,
                                                     std::optional<reading_position> after,
                                                     std::size_t limit) override;
    result<std::string> block_bytes(device_key device, std::int64_t block) override;
    result<block_totals> totals(device_key device, timestamp since, timestamp until,
                                bool include_simulated) override;
    result<std::vector<std::int64_t>> divided_blocks(device_key device, timestamp since,
                                                     timestamp until) override;
    result<std::vector<std::int64_t>> blocks_measured_in(device_key device, timestamp from, timestamp to,
                                                         bool simulated) override;
    result<std::vector<device_key>> compacted_since(timestamp since) override;
    result<std::optional<rollup_row>> find_rollup(device_key device, blocks::rollup_level level,
                                                  bool simulated, timestamp start) override;
    result<std::vector<rollup_row>> rollups(device_key device, blocks::rollup_level level, bool simulated,
                                            timestamp after, timestamp before) override;
    result<std::string> latest(device_key device) override;
    result<bool> owns(device_key device) override;
    result<bool> take(device_key device, writer_memory& memory) override;
    result<void> record_first_reading(device_key device, timestamp received_at) override;
    result<void> reserve_ids(writer_memory& memory, std::size_t count) override;
    result<void> keep_last_id(reading_id last) override;
    result<void> append_buffered(device_key device, std::span<const reading> readings) override;
    result<std::optional<reading_position>> find_message(device_key device,
                                                         std::string_view message_id) override;
    result<void> keep_message(device_key device, const reading& stored, timestamp now) override;
    result<std::int64_t> forget_messages(timestamp before, std::int64_t max_count) override;
    result<void> insert_block(device_key device, const block_description& added,
                              const std::string& bytes) override;
    result<bool> block_exists(device_key device, const block_entry& entry) override;
    result<void> remove_block(device_key device, const block_entry& removed) override;
    result<void> insert_rollup(device_key device, blocks::rollup_level level, bool simulated, timestamp start,
                               const std::string& bytes) override;
    result<void> update_rollup(device_key device, std::int64_t key, const std::string& bytes) override;
    result<std::int64_t> remove_rollups(device_key device, blocks::rollup_level level, bool simulated,
                                        timestamp last_start, std::int64_t max_count) override;
    result<void> put_latest(device_key device, const std::string& bytes) override;
    result<void> set_compacted(device_key device, reading_id through) override;
    result<device_key> next_removed() override;
    result<std::int64_t> purge_rollups(device_key device, std::int64_t max_count) override;
    result<std::int64_t> purge_buffered(device_key device, std::int64_t max_count,
                                        const writer_memory& memory) override;
    result<void> forget_device(device_key device) override;

private:
    /// The reading, if it is pending or in a chunk that was read.
    [[nodiscard]] std::optional<reading> find_loaded(const buffered_reading& entry) const;
    /// Reads the chunks that may have these readings.
    result<void> load_chunks(std::span<const buffered_reading> entries);
    /// The buffered readings that this transaction sees. Adds those to the index that it lacks.
    result<engine::visible_readings> visible();
    result<std::optional<device_view>> located(result<std::optional<device_view>> view);

    connection& db_;
    engine::damage_log& damage_;
    lane_follower& lanes_;
    lane_state* own_;
    std::optional<last_ids> last_ids_;   ///< of the snapshot
    std::map<reading_id, chunk> chunks_; ///< by the first id
    std::size_t chunk_bytes_ = 0;
};

/// Stores the readings as chunks of the lane. Raises `end.seq` by one for each chunk. REQUIRES: an open
/// transaction.
result<void> insert_chunks(connection& db, const chunk_builder& readings, lane_end& end);

} // namespace breakwater::storage::postgres

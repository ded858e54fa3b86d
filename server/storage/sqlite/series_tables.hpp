#pragma once

#include "storage/engine/series_tables.hpp"
#include "storage/engine/shared_state.hpp"
#include "storage/sqlite/connection.hpp"

namespace breakwater::storage::sqlite {

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

/// The tables of readings in the file, over one connection.
class series_tables final : public engine::series_tables {
public:
    explicit series_tables(connection& db) noexcept : db_{db} {}

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
    // One process at a time uses the file.
    result<bool> owns(device_key /*device*/) override { return true; }
    result<bool> take(device_key /*device*/, writer_memory& /*memory*/) override { return true; }
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
    result<reading_id> last_buffered();
    /// `received_at` of the newest reading in blocks.
    result<std::optional<timestamp>> last_in_blocks(device_key device, bool include_simulated);

    connection& db_;
};

/// The highest reading id that was ever assigned.
result<reading_id> last_reading_id(connection& db);
/// Saves the highest assigned id in the file. Called before buffered readings are deleted, in the same
/// transaction.
result<void> save_last_reading_id(connection& db, const writer_memory& memory);

/// Adds the file's uncompacted readings with ids above `after` to the index. Returns the highest id added, or
/// `after`.
result<reading_id> load_buffered(connection& db, engine::write_buffer_index& index, reading_id after);

} // namespace breakwater::storage::sqlite

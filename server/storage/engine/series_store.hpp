#pragma once

#include "storage/engine/prepared_block.hpp"
#include "storage/engine/series_tables.hpp"
#include "storage/engine/shared_state.hpp"
#include "storage/series_store.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace breakwater::storage::engine {

/// The readings of all devices over the tables of a backend: the write buffer, blocks, rollups and latest
/// values (docs/storage.md).
class series_store final : public storage::series_store {
public:
    /// `memory` is the writer's; null for a transaction that only reads.
    series_store(series_tables& tables, shared_state& shared, writer_memory* memory) noexcept
        : tables_{tables}, shared_{shared}, memory_{memory} {}
    result<std::vector<reading>> page(const reading_filter& filter, reading_order order,
                                      std::optional<reading_position> after,
                                      std::size_t limit) const override;
    result<reading_summary> summary(const reading_filter& filter) const override;
    result<std::vector<latest_state>> latest(std::span<const device_id> devices,
                                             bool include_simulated) const override;
    result<std::vector<series>> aggregates(const series_query& query) const override;
    using storage::series_store::last_received;
    result<std::vector<std::optional<timestamp>>> last_received(std::span<const device_id> devices,
                                                                bool include_simulated) const override;
    result<std::vector<device_id>> active_since(timestamp since) const override;
    using storage::series_store::append;
    result<void> append(std::span<reading> readings, const prepared_readings* prepared) override;
    result<std::int64_t> forget_message_ids(timestamp before, std::int64_t max_count) override;
    result<std::int64_t> expire(const device_id& device, std::optional<timestamp> readings_before,
                                std::optional<timestamp> rollups_before, std::int64_t max_count) override;
    result<std::int64_t> purge(std::int64_t max_count) override;

private:
    result<std::int64_t> expire_blocks(device_key device, timestamp before, std::int64_t max_count);
    /// Removes the readings that arrived before `before` from a block. Returns how many.
    result<std::int64_t> shorten_block(device_key device, const block_entry& old, timestamp before);
    [[nodiscard]] result<std::optional<timestamp>>
    last_received_of(const device_state& device, const std::vector<buffered_reading>& buffered,
                     bool include_simulated) const;
    /// A device that this process may write, or why it may not.
    struct writable_device {
        writer_memory::device_memory* memory = nullptr;
        append_outcome refusal = append_outcome::none;
    };
    /// Makes this process the owner of the device, if it has none.
    result<writable_device> writable(const device_id& device);
    /// The key of the device. Empty if it doesn't exist, or this process doesn't own it.
    [[nodiscard]] result<std::optional<device_key>> owned_key(const device_id& device) const;
    result<void> append_of_device(const device_id& device, std::span<reading> readings,
                                  const prepared_block* prepared);
    /// Sets the device's `first_reading_at`, if it isn't set and one of the readings isn't simulated.
    result<void> record_first_reading(writer_memory::device_memory& device,
                                      std::span<const reading> readings);
    result<void> append_buffered(device_key device, std::span<reading> readings);
    /// Stores the readings as a block, and returns true. Returns false if they can't be one, because they are
    /// unsorted, too many, or not after all stored readings of the device. `prepared`: of these readings, or
    /// null.
    result<bool> append_block(writer_memory::device_memory& device, std::span<reading> readings,
                              const prepared_block* prepared);
    /// If the device's last block is small and nothing follows it, removes the block and returns its
    /// readings: they go into a new block together with the next `added` readings.
    result<std::vector<reading>> take_small_last_block(const writer_memory::device_memory& device,
                                                       std::size_t added);
    /// If the device used the message id before, replaces the reading by the stored one and returns true;
    /// otherwise stores the message id and returns false.
    result<bool> find_repeated(device_key device, reading& item);
    [[nodiscard]] result<std::optional<reading_position>> last_position(device_key device) const;
    /// The device's buffered readings as this transaction sees them.
    [[nodiscard]] result<std::vector<buffered_reading>> buffered_readings(const device_view& view) const;
    result<std::int64_t> purge_blocks(device_key device, std::int64_t max_count);

    series_tables& tables_;
    shared_state& shared_;
    writer_memory* memory_;
};

} // namespace breakwater::storage::engine

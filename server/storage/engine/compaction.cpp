#include "storage/engine/compaction.hpp"

#include "storage/blocks/block.hpp"
#include "storage/engine/damage_log.hpp"
#include "storage/engine/rollups.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace breakwater::storage::engine {

namespace {

constexpr std::size_t max_moved = 2048; ///< buffered readings per compaction
/// Payloads of all plans that are made together, before compression.
constexpr std::size_t max_planned_bytes = std::size_t{16} << 20;
constexpr std::size_t read_batch = 32;   ///< buffered readings that are read together
constexpr std::size_t max_replaced = 32; ///< blocks rewritten per compaction, if readings are out of order
constexpr std::size_t max_payload_bytes = std::size_t{4} << 20; ///< in a block, before compression

reading_position position_of(const reading& item) noexcept {
    return {item.received_at, item.id};
}

/// A device and what is to be moved into its blocks.
struct compaction_source {
    device_key device = 0;
    reading_id compacted_before = 0;
    std::vector<buffered_reading> entries{}; ///< past `compacted_before`, in the order of their ids
    std::vector<reading> readings{}; ///< of the first entries, in the same order, if they are readable
};

/// Nothing if the device doesn't exist.
result<std::optional<compaction_source>> source_of(series_tables& tables, shared_state& shared,
                                                   device_key device) {
    const auto view = tables.locate(device);
    if (!view)
        return std::unexpected(view.error());
    if (!*view) {
        shared.buffered.drop(device);
        return std::nullopt;
    }
    compaction_source source{.device = device, .compacted_before = (*view)->compacted_through};
    source.entries = shared.buffered.view(device).entries;
    std::erase_if(source.entries, [&](const buffered_reading& entry) {
        return entry.id() <= (*view)->compacted_through || !(*view)->visible.includes(entry);
    });
    if (source.entries.size() > max_moved)
        source.entries.erase(source.entries.begin() + max_moved, source.entries.end());
    return source;
}

/// Reads the readings of all sources in the order of their ids. Devices that send at the same pace have their
/// readings in the same places, so each place is read once for all of them.
result<void> read_buffered(series_tables& tables, std::vector<compaction_source>& sources) {
    std::vector<std::pair<buffered_reading, compaction_source*>> entries;
    for (compaction_source& source : sources)
        for (const buffered_reading& entry : source.entries)
            entries.emplace_back(entry, &source);
    std::ranges::sort(entries, {}, [](const auto& entry) { return entry.first.id(); });
    std::size_t bytes = 0;
    std::vector<buffered_reading> batch;
    std::size_t next = 0;
    for (; next < entries.size() && bytes < max_planned_bytes; next += batch.size()) {
        batch.clear();
        for (std::size_t i = next; i < entries.size() && batch.size() < read_batch; ++i)
            batch.push_back(entries[i].first);
        auto readings = tables.read_buffered(batch);
        if (!readings)
            return pass(std::move(readings));
        std::size_t at = next;
        for (reading& item : *readings) {
            while (entries[at].first.id() != item.id)
                ++at;
            bytes += item.payload.size();
            entries[at++].second->readings.push_back(std::move(item));
        }
    }
    if (next < entries.size()) // there was no room for the rest
        for (compaction_source& source : sources)
            source.entries.erase(
                std::ranges::lower_bound(source.entries, entries[next].first.id(), {}, &buffered_reading::id),
                source.entries.end());
    return {};
}

/// The blocks around the readings, in order: from the last one that begins before them to the last one that
/// begins before their end.
result<std::vector<block_entry>> surrounding_blocks(series_tables& tables, device_key device,
                                                    const std::vector<reading>& sorted) {
    std::vector<block_entry> entries;
    std::optional<reading_position> after;
    for (std::size_t limit = 4;; limit = 64) {
        const auto fetched = tables.blocks_forwards(device, sorted.front().received_at, after, limit);
        if (!fetched)
            return std::unexpected(fetched.error());
        for (const block_entry& entry : *fetched) {
            if (position_of(sorted.back()) < entry.first)
                return entries;
            entries.push_back(entry);
        }
        if (fetched->size() < limit)
            return entries;
        after = fetched->back().first;
    }
}

bool overlaps(const std::vector<reading>& sorted, const block_entry& entry) {
    const auto first = std::ranges::lower_bound(sorted, entry.first, {}, position_of);
    return first != sorted.end() && entry.holds(position_of(*first));
}

/// Divides sorted readings into blocks of similar size.
void add_blocks(compaction_plan& plan, std::vector<reading> run) {
    const std::size_t pieces = std::max<std::size_t>(1, (run.size() + block_size / 2) / block_size);
    const std::size_t size = (run.size() + pieces - 1) / pieces;
    std::vector<reading> piece;
    std::size_t bytes = 0;
    const auto finish = [&] {
        std::string encoded = blocks::encode(piece);
        plan.added.push_back({std::exchange(piece, {}), std::move(encoded)});
        bytes = 0;
    };
    for (reading& item : run) {
        if (!piece.empty() && (piece.size() == size || bytes + item.payload.size() > max_payload_bytes))
            finish();
        bytes += item.payload.size();
        piece.push_back(std::move(item));
    }
    if (!piece.empty())
        finish();
}

/// Computes the latest values and rollups of the moved readings, from the blocks that contain them.
result<void> aggregate_moved(compaction_plan& plan, std::span<const reading_id> moved,
                             timestamp latest_plausible) {
    std::vector<blocks::block> new_blocks;
    blocks::payload_values reader;
    for (const compaction_plan::new_block& block : plan.added) {
        auto opened = blocks::block::open(block.bytes);
        if (!opened)
            return pass(std::move(opened));
        for (const std::size_t row : opened->newest_rows(moved, latest_plausible))
            plan.latest.add(block.readings[row], reader, latest_plausible);
        new_blocks.push_back(std::move(*opened));
    }
    auto rollups = blocks::roll_up(new_blocks, moved);
    if (!rollups)
        return pass(std::move(rollups));
    plan.rollups = std::move(*rollups);
    return {};
}

/// REQUIRES: `source` has readings.
result<compaction_plan> plan_compaction(series_tables& tables, shared_state& shared,
                                        compaction_source&& source) {
    compaction_plan plan{.device = source.device, .compacted_before = source.compacted_before};
    std::vector<reading> buffered = std::move(source.readings);
    std::vector<block_entry> kept;
    for (;;) {
        std::ranges::sort(buffered, {}, position_of);
        auto surrounding = surrounding_blocks(tables, plan.device, buffered);
        if (!surrounding)
            return pass(std::move(surrounding));
        plan.replaced.clear();
        kept.clear();
        for (const block_entry& entry : *surrounding)
            (entry.count < small_block || overlaps(buffered, entry) ? plan.replaced : kept).push_back(entry);
        if (plan.replaced.size() <= max_replaced || buffered.size() == 1)
            break;
        // Half of them, those with the lowest ids, are among fewer blocks.
        std::ranges::sort(buffered, {}, &reading::id);
        buffered.erase(buffered.begin() + static_cast<std::ptrdiff_t>(buffered.size() / 2), buffered.end());
    }
    plan.through = std::ranges::max(buffered, {}, &reading::id).id;
    plan.moved = buffered.size();
    std::vector<reading_id> moved;
    moved.reserve(buffered.size());
    for (const reading& item : buffered)
        moved.push_back(item.id);
    std::ranges::sort(moved);

    std::vector<block_entry> readable;
    for (const block_entry& entry : plan.replaced) {
        auto opened = open_block(tables, shared.damage, plan.device, entry.block);
        if (!opened)
            return pass(std::move(opened));
        if (!*opened)
            continue; // a damaged block stays as it is; it has no readable rows that could be out of order
        for (std::size_t row = 0; row < (*opened)->rows().size(); ++row)
            buffered.push_back((*opened)->row(row, {}));
        readable.push_back(entry);
    }
    plan.replaced = std::move(readable);
    std::ranges::sort(buffered, {}, position_of);

    // A run of readings ends where a kept block begins.
    auto next = std::make_move_iterator(buffered.begin());
    for (const block_entry& next_block : kept) {
        const auto end =
            std::ranges::lower_bound(next.base(), buffered.end(), next_block.first, {}, position_of);
        if (end != next.base())
            add_blocks(plan, {next, std::make_move_iterator(end)});
        next = std::make_move_iterator(end);
    }
    if (next.base() != buffered.end())
        add_blocks(plan, {next, std::make_move_iterator(buffered.end())});
    if (auto done = aggregate_moved(plan, moved, shared.latest_plausible()); !done)
        return pass(std::move(done));
    return plan;
}

} // namespace

result<std::vector<compaction_plan>> plan_compactions(series_tables& tables, shared_state& shared,
                                                      std::span<const device_key> devices) {
    std::vector<compaction_source> sources;
    for (const device_key device : devices) {
        auto source = source_of(tables, shared, device);
        if (!source)
            return pass(std::move(source));
        if (*source)
            sources.push_back(std::move(**source));
    }
    if (auto read = read_buffered(tables, sources); !read)
        return pass(std::move(read));
    std::vector<compaction_plan> plans;
    for (compaction_source& source : sources) {
        if (source.entries.empty())
            continue;
        if (source.readings.empty()) { // all are damaged, and must not hold up what comes after them
            plans.push_back({.device = source.device,
                             .compacted_before = source.compacted_before,
                             .through = source.entries.back().id(),
                             .moved = source.entries.size()});
            continue;
        }
        auto planned = plan_compaction(tables, shared, std::move(source));
        if (!planned)
            return pass(std::move(planned));
        plans.push_back(std::move(*planned));
    }
    return plans;
}

result<bool> apply_compaction(series_tables& tables, shared_state& shared, const compaction_plan& plan) {
    const auto view = tables.locate(plan.device);
    if (!view)
        return std::unexpected(view.error());
    if (!*view || (*view)->compacted_through != plan.compacted_before)
        return false;
    const auto owned = tables.owns(plan.device);
    if (!owned || !*owned)
        return owned;
    for (const block_entry& entry : plan.replaced) {
        const auto unchanged = tables.block_exists(plan.device, entry);
        if (!unchanged)
            return std::unexpected(unchanged.error());
        if (!*unchanged)
            return false; // a batch was added to it meanwhile
    }
    for (const block_entry& entry : plan.replaced)
        if (auto done = tables.remove_block(plan.device, entry); !done)
            return pass(std::move(done));
    for (const compaction_plan::new_block& block : plan.added)
        if (auto done = tables.insert_block(plan.device, describe(block.readings), block.bytes); !done)
            return pass(std::move(done));
    if (auto done = merge_rollups(tables, shared.damage, plan.device, plan.rollups); !done)
        return pass(std::move(done));
    if (auto done = merge_latest(tables, plan.device, plan.latest, shared.latest_plausible()); !done)
        return pass(std::move(done));
    if (auto done = tables.set_compacted(plan.device, plan.through); !done)
        return pass(std::move(done));
    return true;
}

} // namespace breakwater::storage::engine

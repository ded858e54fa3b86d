#include "storage/sqlite/compaction.hpp"

#include "storage/blocks/block.hpp"
#include "storage/sqlite/damage_log.hpp"
#include "storage/sqlite/rollups.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace breakwater::storage::sqlite {

namespace {

constexpr std::size_t max_moved = 2048; ///< buffered readings per compaction
/// Payloads of all plans that are made together, before compression.
constexpr std::size_t max_planned_bytes = std::size_t{16} << 20;
constexpr std::size_t max_replaced = 32; ///< blocks rewritten per compaction, if readings are out of order
constexpr std::size_t max_payload_bytes = std::size_t{4} << 20; ///< in a block, before compression

reading_position position_of(const reading& item) noexcept {
    return {item.received_at, item.id};
}

result<reading_id> compacted_through(connection& db, device_key device) {
    statement query = db.prepare("SELECT through FROM compactions WHERE device = ?1");
    const auto row = query.bind(device).step();
    if (!row)
        return std::unexpected(row.error());
    return *row ? query.integer(0) : 0;
}

result<bool> exists(connection& db, device_key device) {
    statement query = db.prepare("SELECT 1 FROM devices WHERE key = ?1");
    return query.bind(device).step();
}

/// A device and what is to be moved into its blocks.
struct compaction_source {
    device_key device = 0;
    reading_id compacted_before = 0;
    std::vector<buffered_reading> entries{}; ///< past `compacted_before`, in the order of their ids
    std::vector<reading> readings{};         ///< of the first entries, in the same order
};

/// Nothing if the device doesn't exist.
result<std::optional<compaction_source>> source_of(connection& db, shared_state& shared, device_key device) {
    const auto device_exists = exists(db, device);
    if (!device_exists)
        return std::unexpected(device_exists.error());
    if (!*device_exists) {
        shared.buffered.drop(device);
        return std::nullopt;
    }
    const auto through = compacted_through(db, device);
    if (!through)
        return std::unexpected(through.error());
    compaction_source source{.device = device, .compacted_before = *through};
    source.entries = shared.buffered.view(device).entries;
    std::erase_if(source.entries, [&](const buffered_reading& entry) { return entry.id() <= *through; });
    if (source.entries.size() > max_moved)
        source.entries.erase(source.entries.begin() + max_moved, source.entries.end());
    return source;
}

/// Reads the readings of all sources in the order of their ids. Devices that send at the same pace have their
/// rows on the same pages, so each page is read once for all of them.
result<void> read_buffered(connection& db, std::vector<compaction_source>& sources) {
    std::vector<std::pair<buffered_reading, compaction_source*>> entries;
    for (compaction_source& source : sources)
        for (const buffered_reading& entry : source.entries)
            entries.emplace_back(entry, &source);
    std::ranges::sort(entries, {}, [](const auto& entry) { return entry.first.id(); });
    std::size_t bytes = 0;
    statement query = db.prepare("SELECT device_timestamp, payload FROM write_buffer WHERE id = ?1");
    for (const auto& [entry, source] : entries) {
        if (bytes >= max_planned_bytes)
            break;
        const auto row = query.bind(entry.id()).step();
        if (!row)
            return std::unexpected(row.error());
        if (*row) {
            source->readings.push_back({.id = entry.id(),
                                        .device_id = {},
                                        .device_timestamp = query.optional_time(0),
                                        .received_at = entry.received_at(),
                                        .payload = query.text(1),
                                        .simulated = entry.simulated()});
            bytes += source->readings.back().payload.size();
        }
        query.reset();
    }
    return {};
}

/// The blocks around the readings, in order: from the last one that begins before them to the last one that
/// begins before their end.
result<std::vector<block_entry>> surrounding_blocks(connection& db, device_key device,
                                                    const std::vector<reading>& sorted) {
    std::vector<block_entry> entries;
    statement query = db.prepare(entries_forwards);
    query.bind(device, sorted.front().received_at);
    for (;;) {
        const auto row = query.step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return entries;
        const block_entry entry = read_entry(query);
        if (position_of(sorted.back()) < entry.first)
            return entries;
        entries.push_back(entry);
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
result<compaction_plan> plan_compaction(connection& db, shared_state& shared, compaction_source&& source) {
    compaction_plan plan{.device = source.device, .compacted_before = source.compacted_before};
    std::vector<reading> buffered = std::move(source.readings);
    std::vector<block_entry> kept;
    for (;;) {
        std::ranges::sort(buffered, {}, position_of);
        auto surrounding = surrounding_blocks(db, plan.device, buffered);
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
        auto opened = open_block(db, shared.damage, entry.block);
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

result<std::vector<compaction_plan>> plan_compactions(connection& db, shared_state& shared,
                                                      std::span<const device_key> devices) {
    std::vector<compaction_source> sources;
    for (const device_key device : devices) {
        auto source = source_of(db, shared, device);
        if (!source)
            return pass(std::move(source));
        if (*source)
            sources.push_back(std::move(**source));
    }
    if (auto read = read_buffered(db, sources); !read)
        return pass(std::move(read));
    std::vector<compaction_plan> plans;
    for (compaction_source& source : sources) {
        if (source.readings.empty())
            continue;
        auto planned = plan_compaction(db, shared, std::move(source));
        if (!planned)
            return pass(std::move(planned));
        plans.push_back(std::move(*planned));
    }
    return plans;
}

result<bool> apply_compaction(connection& db, shared_state& shared, const compaction_plan& plan) {
    const auto device_exists = exists(db, plan.device);
    if (!device_exists)
        return std::unexpected(device_exists.error());
    const auto through = compacted_through(db, plan.device);
    if (!through)
        return std::unexpected(through.error());
    if (!*device_exists || *through != plan.compacted_before)
        return false;
    for (const block_entry& entry : plan.replaced) {
        const auto unchanged = block_exists(db, plan.device, entry);
        if (!unchanged)
            return std::unexpected(unchanged.error());
        if (!*unchanged)
            return false; // a batch was added to it meanwhile
    }
    for (const block_entry& entry : plan.replaced)
        if (auto done = remove_block(db, plan.device, entry); !done)
            return pass(std::move(done));
    for (const compaction_plan::new_block& block : plan.added)
        if (auto done = insert_block(db, plan.device, block.readings, block.bytes); !done)
            return pass(std::move(done));
    if (auto done = merge_rollups(db, shared.damage, plan.device, plan.rollups); !done)
        return pass(std::move(done));
    if (auto done = merge_latest(db, plan.device, plan.latest, shared.latest_plausible()); !done)
        return pass(std::move(done));
    auto recorded =
        db.run("INSERT INTO compactions VALUES (?1, ?2) ON CONFLICT (device) DO UPDATE SET through = ?2",
               plan.device, plan.through);
    if (!recorded)
        return pass(std::move(recorded));
    return true;
}

} // namespace breakwater::storage::sqlite

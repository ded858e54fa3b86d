#include "storage/sqlite/fold.hpp"

#include "storage/blocks/block.hpp"
#include "storage/sqlite/damage_log.hpp"
#include "storage/sqlite/rollups.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace breakwater::storage::sqlite {

namespace {

constexpr std::size_t most_hot = 2048;    ///< folded at once
constexpr std::size_t most_replaced = 32; ///< blocks rewritten at once, where readings came out of order
constexpr std::size_t most_payload = std::size_t{4} << 20; ///< bytes in a block, before they are compressed

reading_position position_of(const reading& of) noexcept {
    return {of.received_at, of.id};
}

result<reading_id> folded_through(connection& db, device_key device) {
    statement query = db.prepare("SELECT through FROM folds WHERE device = ?1");
    const auto row = query.bind(device).step();
    if (!row)
        return std::unexpected(row.error());
    return *row ? query.integer(0) : 0;
}

result<bool> exists(connection& db, device_key device) {
    statement query = db.prepare("SELECT 1 FROM devices WHERE key = ?1");
    return query.bind(device).step();
}

/// The device's hot readings with the lowest ids, at most `most`, sorted by position.
result<std::vector<reading>> read_hot(connection& db, const std::vector<hot_entry>& entries, reading_id after,
                                      std::size_t most) {
    std::vector<reading> found;
    statement query = db.prepare("SELECT device_timestamp, payload FROM hot_readings WHERE id = ?1");
    for (const hot_entry& entry : entries) {
        if (entry.id() <= after)
            continue;
        if (found.size() == most)
            break;
        const auto row = query.bind(entry.id()).step();
        if (!row)
            return std::unexpected(row.error());
        if (*row)
            found.push_back({.id = entry.id(),
                             .device_id = {},
                             .device_timestamp = query.optional_time(0),
                             .received_at = entry.received_at(),
                             .payload = query.text(1),
                             .simulated = entry.simulated()});
        query.reset();
    }
    std::ranges::sort(found, {}, position_of);
    return found;
}

/// The blocks around the readings, in order: from the last that begins before them to the last that begins
/// before their end.
result<std::vector<block_entry>> neighbours(connection& db, device_key device,
                                            const std::vector<reading>& sorted) {
    std::vector<block_entry> found;
    statement query = db.prepare(entries_forwards);
    query.bind(device, sorted.front().received_at);
    for (;;) {
        const auto row = query.step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return found;
        const block_entry entry = read_entry(query);
        if (position_of(sorted.back()) < entry.first)
            return found;
        found.push_back(entry);
    }
}

bool lies_within(const std::vector<reading>& sorted, const block_entry& of) {
    const auto first = std::ranges::lower_bound(sorted, of.first, {}, position_of);
    return first != sorted.end() && of.holds(position_of(*first));
}

/// Cuts sorted readings into blocks of like size.
void add_blocks(fold_plan& plan, std::vector<reading> run) {
    const std::size_t pieces = std::max<std::size_t>(1, (run.size() + block_size / 2) / block_size);
    const std::size_t size = (run.size() + pieces - 1) / pieces;
    std::vector<reading> piece;
    std::size_t bytes = 0;
    const auto finish = [&] {
        std::string encoded = blocks::encode(piece);
        plan.added.push_back({std::exchange(piece, {}), std::move(encoded)});
        bytes = 0;
    };
    for (reading& each : run) {
        if (!piece.empty() && (piece.size() == size || bytes + each.payload.size() > most_payload))
            finish();
        bytes += each.payload.size();
        piece.push_back(std::move(each));
    }
    if (!piece.empty())
        finish();
}

/// What the moved readings tell, out of the blocks they went into.
result<void> sum_up(fold_plan& plan, std::span<const reading_id> moved, timestamp believed) {
    std::vector<blocks::block> added;
    blocks::payload_values reader;
    for (const fold_plan::new_block& each : plan.added) {
        auto opened = blocks::block::open(each.bytes);
        if (!opened)
            return pass(std::move(opened));
        for (const std::size_t row : opened->newest_rows(moved, believed))
            plan.latest.add(each.readings[row], reader, believed);
        added.push_back(std::move(*opened));
    }
    auto rollups = blocks::roll_up(added, moved);
    if (!rollups)
        return pass(std::move(rollups));
    plan.rollups = std::move(*rollups);
    return {};
}

} // namespace

result<std::optional<fold_plan>> plan_fold(connection& db, shared_state& shared, device_key device) {
    const auto there = exists(db, device);
    if (!there)
        return std::unexpected(there.error());
    if (!*there) {
        shared.hot.drop(device);
        return std::nullopt;
    }
    fold_plan plan{.device = device};
    const auto before = folded_through(db, device);
    if (!before)
        return std::unexpected(before.error());
    plan.folded_before = *before;

    const auto entries = shared.hot.of(device).entries;
    std::vector<reading> hot;
    std::vector<block_entry> kept;
    for (std::size_t most = most_hot; most > 0; most /= 2) {
        auto rows = read_hot(db, entries, plan.folded_before, most);
        if (!rows)
            return pass(std::move(rows));
        if (rows->empty())
            return std::nullopt;
        hot = std::move(*rows);
        auto found = neighbours(db, device, hot);
        if (!found)
            return pass(std::move(found));
        plan.replaced.clear();
        kept.clear();
        for (const block_entry& each : *found)
            (each.count < small_block || lies_within(hot, each) ? plan.replaced : kept).push_back(each);
        if (plan.replaced.size() <= most_replaced)
            break;
    }
    plan.through = std::ranges::max(hot, {}, &reading::id).id;
    plan.moved = hot.size();
    std::vector<reading_id> moved;
    moved.reserve(hot.size());
    for (const reading& each : hot)
        moved.push_back(each.id);
    std::ranges::sort(moved);

    std::vector<block_entry> readable;
    for (const block_entry& each : plan.replaced) {
        auto opened = open_block(db, shared.damage, each.block);
        if (!opened)
            return pass(std::move(opened));
        if (!*opened)
            continue; // damaged: it stays as it is, and has no rows that could be out of order
        for (std::size_t row = 0; row < (*opened)->rows().size(); ++row)
            hot.push_back((*opened)->row(row, {}));
        readable.push_back(each);
    }
    plan.replaced = std::move(readable);
    std::ranges::sort(hot, {}, position_of);

    // A run ends where a block begins that stays.
    auto next = std::make_move_iterator(hot.begin());
    for (const block_entry& fence : kept) {
        const auto end = std::ranges::lower_bound(next.base(), hot.end(), fence.first, {}, position_of);
        if (end != next.base())
            add_blocks(plan, {next, std::make_move_iterator(end)});
        next = std::make_move_iterator(end);
    }
    if (next.base() != hot.end())
        add_blocks(plan, {next, std::make_move_iterator(hot.end())});
    if (auto done = sum_up(plan, moved, shared.believed()); !done)
        return pass(std::move(done));
    return plan;
}

result<bool> apply_fold(connection& db, shared_state& shared, const fold_plan& plan) {
    const auto there = exists(db, plan.device);
    if (!there)
        return std::unexpected(there.error());
    const auto through = folded_through(db, plan.device);
    if (!through)
        return std::unexpected(through.error());
    if (!*there || *through != plan.folded_before)
        return false;
    for (const block_entry& each : plan.replaced) {
        const auto stands = block_stands(db, plan.device, each);
        if (!stands)
            return std::unexpected(stands.error());
        if (!*stands)
            return false; // a batch was added to it meanwhile
    }
    for (const block_entry& each : plan.replaced)
        if (auto done = remove_block(db, plan.device, each); !done)
            return pass(std::move(done));
    for (const fold_plan::new_block& each : plan.added)
        if (auto done = insert_block(db, plan.device, each.readings, each.bytes); !done)
            return pass(std::move(done));
    if (auto done = merge_rollups(db, shared.damage, plan.device, plan.rollups); !done)
        return pass(std::move(done));
    if (auto done = merge_latest(db, plan.device, plan.latest, shared.believed()); !done)
        return pass(std::move(done));
    auto kept = db.run("INSERT INTO folds VALUES (?1, ?2) ON CONFLICT (device) DO UPDATE SET through = ?2",
                       plan.device, plan.through);
    if (!kept)
        return pass(std::move(kept));
    return true;
}

} // namespace breakwater::storage::sqlite

#include "storage/engine/series_store.hpp"

#include "storage/engine/reading_walk.hpp"
#include "storage/engine/rollups.hpp"
#include "storage/engine/series_reader.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace breakwater::storage::engine {

namespace {

/// Blocks that a step of retention looks at together.
constexpr std::size_t blocks_per_step = 64;

/// At this many devices the writer's cache is cleared: a bound on memory, far above the intended fleet size.
constexpr std::size_t max_cached_devices = 1U << 18;

void add_to_summary(reading_summary& total, timestamp at) {
    ++total.total;
    total.oldest = std::min(total.oldest.value_or(at), at);
    total.newest = std::max(total.newest.value_or(at), at);
}

/// Counts the matching rows of a block that a bound of the filter divides.
result<void> count_block(series_tables& tables, damage_log& damage, device_key device, std::int64_t block,
                         const reading_filter& filter, reading_summary& total) {
    const auto opened = open_block(tables, damage, device, block);
    if (!opened)
        return std::unexpected(opened.error());
    if (!*opened)
        return {};
    for (const blocks::row_head& row : (*opened)->rows())
        if ((filter.include_simulated || !row.simulated) &&
            (!filter.since || row.received_at >= *filter.since) &&
            (!filter.until || row.received_at <= *filter.until))
            add_to_summary(total, row.received_at);
    return {};
}

} // namespace

result<series_store::writable_device> series_store::writable(const device_id& device) {
    auto& cached = memory_->devices;
    if (const auto position = cached.find(device); position != cached.end())
        return writable_device{&position->second};
    const auto view = tables_.locate(device);
    if (!view)
        return std::unexpected(view.error());
    if (!*view)
        return writable_device{.refusal = append_outcome::no_device};
    const auto owned = tables_.take((*view)->key, *memory_);
    if (!owned)
        return std::unexpected(owned.error());
    if (!*owned)
        return writable_device{.refusal = append_outcome::elsewhere};
    if (cached.size() >= max_cached_devices)
        cached.clear();
    return writable_device{
        &cached.emplace(device, writer_memory::device_memory{.key = (*view)->key}).first->second};
}

result<std::optional<device_key>> series_store::owned_key(const device_id& device) const {
    if (const auto cached = memory_->devices.find(device); cached != memory_->devices.end())
        return cached->second.key;
    const auto view = tables_.locate(device);
    if (!view)
        return std::unexpected(view.error());
    if (!*view)
        return std::nullopt;
    const auto owned = tables_.owns((*view)->key);
    if (!owned)
        return std::unexpected(owned.error());
    return *owned ? std::optional{(*view)->key} : std::nullopt;
}

result<std::vector<buffered_reading>> series_store::buffered_readings(const device_view& view) const {
    auto indexed = shared_.buffered.view(view.key);
    std::vector<buffered_reading> entries;
    if (indexed.discarded_through > view.compacted_through) {
        // The device was compacted twice since this snapshot: the index has discarded some of its entries.
        auto rows = tables_.scan_buffered(view.key, view.compacted_through, indexed.discarded_through);
        if (!rows)
            return rows;
        entries = std::move(*rows);
    }
    for (const buffered_reading& entry : indexed.entries)
        if (entry.id() > view.compacted_through && view.visible.includes(entry))
            entries.push_back(entry);
    if (memory_ != nullptr)
        for (const appended_reading& appended : memory_->appended)
            if (appended.device == view.key)
                entries.push_back(appended.entry);
    return entries;
}

result<std::vector<reading>> series_store::page(const reading_filter& filter, reading_order order,
                                                std::optional<reading_position> after,
                                                std::size_t limit) const {
    const auto view = tables_.locate(filter.device_id);
    if (!view)
        return std::unexpected(view.error());
    std::vector<reading> out;
    if (!*view || limit == 0)
        return out;
    auto buffered = buffered_readings(**view);
    if (!buffered)
        return pass(std::move(buffered));
    reading_walk walk{tables_, shared_.damage, (*view)->key, filter, order, after, std::move(*buffered)};
    std::size_t bytes = 0;
    while (out.size() < limit && bytes < max_page_bytes) {
        auto next = walk.next();
        if (!next)
            return pass(std::move(next));
        if (!*next)
            break;
        bytes += (*next)->payload.size();
        out.push_back(std::move(**next));
    }
    return out;
}

result<reading_summary> series_store::summary(const reading_filter& filter) const {
    const auto view = tables_.locate(filter.device_id);
    if (!view)
        return std::unexpected(view.error());
    reading_summary total;
    if (!*view)
        return total;
    const device_key key = (*view)->key;
    const auto buffered = buffered_readings(**view);
    if (!buffered)
        return std::unexpected(buffered.error());
    for (const buffered_reading& entry : *buffered)
        if ((filter.include_simulated || !entry.simulated()) &&
            (!filter.since || entry.received_at() >= *filter.since) &&
            (!filter.until || entry.received_at() <= *filter.until))
            add_to_summary(total, entry.received_at());

    // For blocks within the bounds the stored counts are enough; only the few blocks that a bound divides are
    // read.
    const timestamp first = filter.since.value_or(timestamp::min());
    const timestamp last = filter.until.value_or(timestamp::max());
    const auto whole = tables_.totals(key, first, last, filter.include_simulated);
    if (!whole)
        return std::unexpected(whole.error());
    total.total += whole->count;
    if (whole->oldest)
        total.oldest = std::min(total.oldest.value_or(*whole->oldest), *whole->oldest);
    if (whole->newest)
        total.newest = std::max(total.newest.value_or(*whole->newest), *whole->newest);
    const auto blocks = tables_.divided_blocks(key, first, last);
    if (!blocks)
        return std::unexpected(blocks.error());
    for (const std::int64_t block : *blocks)
        if (auto counted = count_block(tables_, shared_.damage, key, block, filter, total); !counted)
            return pass(std::move(counted));
    return total;
}

result<std::vector<latest_state>> series_store::latest(std::span<const device_id> devices,
                                                       bool include_simulated) const {
    const auto stored = tables_.states_of(devices, include_simulated);
    if (!stored)
        return std::unexpected(stored.error());
    std::vector<latest_state> out;
    out.reserve(devices.size());
    for (const std::optional<device_state>& device : *stored) {
        latest_state& state = out.emplace_back();
        if (!device)
            continue;
        const auto buffered = buffered_readings(device->view);
        if (!buffered)
            return std::unexpected(buffered.error());
        auto fields = shared_.latest.fields(tables_, device->view.key, device->latest, *buffered,
                                            include_simulated, shared_.latest_plausible());
        if (!fields)
            return pass(std::move(fields));
        state.fields = std::move(*fields);
        const auto received = last_received_of(*device, *buffered, include_simulated);
        if (!received)
            return std::unexpected(received.error());
        state.received_at = *received;
    }
    return out;
}

result<std::vector<series>> series_store::aggregates(const series_query& query) const {
    const auto view = tables_.locate(query.device_id);
    if (!view)
        return std::unexpected(view.error());
    if (!*view)
        return std::vector<series>(query.fields.size());
    const auto buffered = buffered_readings(**view);
    if (!buffered)
        return std::unexpected(buffered.error());
    return series_reader{tables_, shared_.damage, (*view)->key, query}.read(*buffered);
}

result<std::vector<std::optional<timestamp>>> series_store::last_received(std::span<const device_id> devices,
                                                                          bool include_simulated) const {
    const auto stored = tables_.states_of(devices, include_simulated);
    if (!stored)
        return std::unexpected(stored.error());
    std::vector<std::optional<timestamp>> out;
    out.reserve(devices.size());
    for (const std::optional<device_state>& device : *stored) {
        std::optional<timestamp>& last = out.emplace_back();
        if (!device)
            continue;
        const auto buffered = buffered_readings(device->view);
        if (!buffered)
            return std::unexpected(buffered.error());
        const auto received = last_received_of(*device, *buffered, include_simulated);
        if (!received)
            return std::unexpected(received.error());
        last = *received;
    }
    return out;
}

result<std::optional<timestamp>> series_store::last_received_of(const device_state& device,
                                                                const std::vector<buffered_reading>& buffered,
                                                                bool include_simulated) const {
    std::optional<timestamp> last = device.last_in_blocks;
    for (const buffered_reading& entry : buffered)
        if (include_simulated || !entry.simulated())
            last = std::max(last.value_or(entry.received_at()), entry.received_at());
    const timestamp latest_plausible = shared_.latest_plausible();
    if (!last || *last <= latest_plausible)
        return last;
    const reading_filter until_now{
        .device_id = {}, .until = latest_plausible, .include_simulated = include_simulated};
    reading_walk walk{tables_,      shared_.damage, device.view.key, until_now, reading_order::newest_first,
                      std::nullopt, buffered};
    const auto newest = walk.next();
    if (!newest)
        return std::unexpected(newest.error());
    return *newest ? (*newest)->received_at : last;
}

result<std::vector<device_id>> series_store::active_since(timestamp since) const {
    const auto compacted = tables_.compacted_since(since);
    if (!compacted)
        return std::unexpected(compacted.error());
    std::vector<device_key> keys = shared_.buffered.active_since(since);
    keys.insert(keys.end(), compacted->begin(), compacted->end());
    std::ranges::sort(keys);
    keys.erase(std::ranges::unique(keys).begin(), keys.end());
    return tables_.ids_of(keys);
}

result<std::optional<reading_position>> series_store::last_position(device_key device) const {
    const auto view = tables_.locate(device);
    if (!view)
        return std::unexpected(view.error());
    if (!*view)
        return std::nullopt;
    const auto buffered = buffered_readings(**view);
    if (!buffered)
        return std::unexpected(buffered.error());
    std::optional<reading_position> last;
    for (const buffered_reading& entry : *buffered) {
        const reading_position at{entry.received_at(), entry.id()};
        last = std::max(last.value_or(at), at);
    }
    const auto block = tables_.blocks_backwards(device, timestamp::max(), std::nullopt, 1);
    if (!block)
        return std::unexpected(block.error());
    if (!block->empty())
        last = std::max(last.value_or(block->front().last), block->front().last);
    return last;
}

result<void> series_store::append(std::span<reading> readings, const prepared_readings* prepared) {
    if (shared_.buffered.uncompacted() > shared_.max_buffered)
        return fail_with_retry(errc::overloaded, "Readings arrive faster than the server can store them.",
                               std::chrono::seconds{1});
    while (!readings.empty()) {
        const device_id device = readings.front().device_id;
        const auto end =
            std::ranges::find_if(readings, [&](const reading& item) { return item.device_id != device; });
        const auto count = static_cast<std::size_t>(end - readings.begin());
        if (auto done = append_of_device(device, readings.first(count),
                                         dynamic_cast<const prepared_block*>(prepared));
            !done)
            return done;
        readings = readings.subspan(count);
    }
    return {};
}

result<void> series_store::append_of_device(const device_id& device, std::span<reading> readings,
                                            const prepared_block* prepared) {
    const auto target = writable(device);
    if (!target)
        return std::unexpected(target.error());
    if (target->memory == nullptr) {
        for (reading& item : readings)
            item.outcome = target->refusal;
        return {};
    }
    writer_memory::device_memory& state = *target->memory;
    if (auto recorded = record_first_reading(state, readings); !recorded)
        return recorded;
    if (memory_->end_reading_id - memory_->next_reading_id < static_cast<reading_id>(readings.size()))
        if (auto reserved = tables_.reserve_ids(*memory_, readings.size()); !reserved)
            return reserved;
    while (!readings.empty()) {
        // The run of new readings up to the next repeated one.
        std::size_t fresh = 0;
        bool repeated = false;
        while (fresh < readings.size() && !repeated) {
            reading& next = readings[fresh];
            next.outcome = append_outcome::stored;
            next.id = memory_->next_reading_id + static_cast<reading_id>(fresh);
            if (!next.message_id.empty()) {
                const auto stored = find_repeated(state.key, next);
                if (!stored)
                    return std::unexpected(stored.error());
                repeated = *stored;
                if (const reading_id first = memory_->next_reading_id; repeated && next.id >= first) {
                    const reading& same = readings[static_cast<std::size_t>(next.id - first)];
                    next.device_timestamp = same.device_timestamp;
                    next.payload = same.payload;
                }
            }
            fresh += repeated ? 0 : 1;
        }
        const auto run = readings.first(fresh);
        if (run.size() >= min_block_readings) {
            // A prepared block contains repeated readings too; it can be used only if there are none.
            const bool whole = prepared != nullptr && run.size() == prepared->count();
            const auto stored = append_block(state, run, whole ? prepared : nullptr);
            if (!stored)
                return std::unexpected(stored.error());
            if (!*stored)
                if (auto done = append_buffered(state.key, run); !done)
                    return done;
        } else if (auto done = append_buffered(state.key, run); !done) {
            return done;
        }
        for (const reading& item : run)
            if (state.last)
                state.last = std::max(*state.last, {item.received_at, item.id});
        memory_->next_reading_id += static_cast<reading_id>(run.size());
        readings = readings.subspan(fresh + (repeated ? 1 : 0));
    }
    return {};
}

result<void> series_store::record_first_reading(writer_memory::device_memory& device,
                                                std::span<const reading> readings) {
    if (device.has_real_reading)
        return {};
    const auto real = std::ranges::find(readings, false, &reading::simulated);
    if (real == readings.end())
        return {};
    device.has_real_reading = true;
    memory_->device_added = true;
    return tables_.record_first_reading(device.key, real->received_at);
}

result<void> series_store::append_buffered(device_key device, std::span<reading> readings) {
    if (auto done = tables_.append_buffered(device, readings); !done)
        return done;
    for (const reading& next : readings)
        memory_->appended.push_back({device, {next.id, next.received_at, next.simulated, memory_->lane}});
    return {};
}

result<bool> series_store::append_block(writer_memory::device_memory& device, std::span<reading> readings,
                                        const prepared_block* prepared) {
    if (!device.last) {
        const auto last = last_position(device.key);
        if (!last)
            return std::unexpected(last.error());
        device.last = last->value_or(reading_position{timestamp::min(), 0});
    }
    const auto position_of = [](const reading& item) { return reading_position{item.received_at, item.id}; };
    if (readings.size() > blocks::max_rows || position_of(readings.front()) < *device.last ||
        !std::ranges::is_sorted(readings, {}, position_of))
        return false;
    auto merged = take_small_last_block(device, readings.size());
    if (!merged)
        return pass(std::move(merged));
    std::span<const reading> content = readings;
    if (!merged->empty()) {
        merged->insert(merged->end(), readings.begin(), readings.end());
        content = *merged;
    }
    const std::string bytes = prepared != nullptr && merged->empty()
                                  ? prepared->block().numbered(readings.front().id)
                                  : blocks::encode(content);
    if (auto done = tables_.insert_block(device.key, describe(content), bytes); !done)
        return pass(std::move(done));
    const timestamp latest_plausible = shared_.latest_plausible();
    std::optional<block_sums> computed_sums;
    if (prepared == nullptr) {
        const auto opened = blocks::block::open(bytes);
        if (!opened)
            return std::unexpected(opened.error());
        auto sums = sums_of(*opened, readings, latest_plausible);
        if (!sums)
            return pass(std::move(sums));
        computed_sums = std::move(*sums);
    }
    const block_sums& sums = prepared != nullptr ? prepared->sums() : *computed_sums;
    if (auto done = merge_latest(tables_, device.key, sums.latest, latest_plausible); !done)
        return pass(std::move(done));
    if (auto done = merge_rollups(tables_, shared_.damage, device.key, sums.rollups); !done)
        return pass(std::move(done));
    // No buffered reading has these ids, so the highest one must be saved.
    if (auto kept = tables_.keep_last_id(readings.back().id); !kept)
        return pass(std::move(kept));
    return true;
}

result<std::vector<reading>> series_store::take_small_last_block(const writer_memory::device_memory& device,
                                                                 std::size_t added) {
    std::vector<reading> readings;
    const auto newest = tables_.blocks_backwards(device.key, timestamp::max(), std::nullopt, 1);
    if (!newest)
        return std::unexpected(newest.error());
    if (newest->empty())
        return readings;
    const block_entry& last = newest->front();
    // If a buffered reading is later than the block, it would lie within the range of the new block.
    if (last.count >= small_block || last.last != *device.last ||
        static_cast<std::size_t>(last.count) + added > blocks::max_rows)
        return readings;
    const auto opened = open_block(tables_, shared_.damage, device.key, last.block);
    if (!opened)
        return std::unexpected(opened.error());
    if (!*opened)
        return readings;
    for (std::size_t row = 0; row < (*opened)->rows().size(); ++row)
        readings.push_back((*opened)->row(row, {}));
    if (auto done = tables_.remove_block(device.key, last); !done)
        return pass(std::move(done));
    return readings;
}

result<bool> series_store::find_repeated(device_key device, reading& item) {
    const auto first_use = tables_.find_message(device, item.message_id);
    if (!first_use)
        return std::unexpected(first_use.error());
    if (!*first_use) {
        if (auto kept = tables_.keep_message(device, item, shared_.time.now()); !kept)
            return pass(std::move(kept));
        return false;
    }
    item.id = (*first_use)->id;
    item.received_at = (*first_use)->received_at;
    item.outcome = append_outcome::repeated;
    auto first = page({.device_id = item.device_id,
                       .since = item.received_at,
                       .until = item.received_at,
                       .include_simulated = true},
                      reading_order::oldest_first, reading_position{item.received_at, item.id - 1}, 1);
    if (!first)
        return pass(std::move(first));
    if (!first->empty() && first->front().id == item.id) { // otherwise retention removed it
        item.device_timestamp = first->front().device_timestamp;
        item.payload = std::move(first->front().payload);
    }
    return true;
}

result<std::int64_t> series_store::forget_message_ids(timestamp before, std::int64_t max_count) {
    return tables_.forget_messages(before, max_count);
}

result<std::int64_t> series_store::expire(const device_id& device, std::optional<timestamp> readings_before,
                                          std::optional<timestamp> rollups_before, std::int64_t max_count) {
    const auto key = owned_key(device);
    if (!key)
        return std::unexpected(key.error());
    if (!*key)
        return 0;
    std::int64_t removed = 0;
    if (readings_before) {
        const auto expired = expire_blocks(**key, *readings_before, max_count);
        if (!expired)
            return expired;
        removed += *expired;
    }
    if (rollups_before && removed < max_count) {
        const auto expired = expire_rollups(tables_, **key, *rollups_before, max_count - removed);
        if (!expired)
            return expired;
        removed += *expired;
    }
    return removed;
}

result<std::int64_t> series_store::expire_blocks(device_key device, timestamp before,
                                                 std::int64_t max_count) {
    std::vector<block_entry> old_entries;
    std::optional<reading_position> after;
    for (std::int64_t readings = 0; readings < max_count;) {
        const auto entries = tables_.blocks_forwards(device, timestamp::min(), after, blocks_per_step);
        if (!entries)
            return std::unexpected(entries.error());
        for (const block_entry& entry : *entries) {
            if (entry.first.received_at >= before || readings >= max_count)
                break;
            old_entries.push_back(entry);
            readings += entry.count;
            after = entry.first;
        }
        if (entries->size() < blocks_per_step || after != entries->back().first)
            break;
    }
    std::int64_t removed = 0;
    for (const block_entry& entry : old_entries) {
        if (entry.last.received_at >= before) {
            const auto shortened = shorten_block(device, entry, before);
            if (!shortened)
                return shortened;
            return removed + *shortened;
        }
        if (auto done = tables_.remove_block(device, entry); !done)
            return pass(std::move(done));
        removed += entry.count;
    }
    return removed;
}

result<std::int64_t> series_store::shorten_block(device_key device, const block_entry& old,
                                                 timestamp before) {
    const auto opened = open_block(tables_, shared_.damage, device, old.block);
    if (!opened)
        return std::unexpected(opened.error());
    if (!*opened)
        return 0; // a damaged block is removed when all its readings have expired
    std::vector<reading> kept;
    const auto& rows = (*opened)->rows();
    for (std::size_t row = 0; row < rows.size(); ++row)
        if (rows[row].received_at >= before)
            kept.push_back((*opened)->row(row, {}));
    if (auto done = tables_.remove_block(device, old); !done)
        return pass(std::move(done));
    if (auto done = tables_.insert_block(device, describe(kept), blocks::encode(kept)); !done)
        return pass(std::move(done));
    return static_cast<std::int64_t>(rows.size() - kept.size());
}

result<std::int64_t> series_store::purge(std::int64_t max_count) {
    std::int64_t remaining = max_count;
    while (remaining > 0) {
        const auto device = tables_.next_removed();
        if (!device)
            return std::unexpected(device.error());
        if (*device == 0) // keys begin at 1
            break;
        auto removed = purge_blocks(*device, remaining);
        if (removed && *removed == 0)
            removed = tables_.purge_rollups(*device, remaining);
        if (removed && *removed == 0)
            removed = tables_.purge_buffered(*device, remaining, *memory_);
        if (!removed)
            return removed;
        if (*removed == 0) {
            if (auto done = tables_.forget_device(*device); !done)
                return pass(std::move(done));
            memory_->removed.push_back(*device);
            remaining -= 1; // so that devices without readings count too
        }
        remaining -= *removed;
    }
    return max_count - std::max(remaining, std::int64_t{0});
}

/// Removes blocks until they held at least `max_count` readings. Returns how many readings they held.
result<std::int64_t> series_store::purge_blocks(device_key device, std::int64_t max_count) {
    std::int64_t removed = 0;
    while (removed < max_count) {
        const auto blocks = tables_.blocks_backwards(device, timestamp::max(), std::nullopt, blocks_per_step);
        if (!blocks)
            return std::unexpected(blocks.error());
        if (blocks->empty())
            break;
        for (const block_entry& block : *blocks) {
            if (removed >= max_count)
                break;
            if (auto done = tables_.remove_block(device, block); !done)
                return pass(std::move(done));
            removed += block.count;
        }
    }
    return removed;
}

} // namespace breakwater::storage::engine

#include "storage/engine/series_reader.hpp"

#include "base/calendar.hpp"
#include "storage/blocks/block.hpp"
#include "storage/blocks/spelled_number.hpp"

#include <algorithm>

namespace breakwater::storage::engine {

namespace {

using blocks::rollup_levels;
using std::chrono::microseconds;

/// Buffered readings that are read together.
constexpr std::size_t buffered_batch = 64;

timestamp rounded_up(timestamp at, microseconds width) noexcept {
    const timestamp down = rounded_down(at, width);
    return down == at ? at : down + width;
}

} // namespace

result<std::vector<series>> series_reader::read(const std::vector<buffered_reading>& buffered) {
    std::size_t levels = 0;
    while (
        levels < rollup_levels.size() &&
        (!query_.bounds.empty() || query_.step % bucket_width(rollup_levels[levels]) == microseconds::zero()))
        ++levels;
    for (const bool simulated : {false, true})
        if (!simulated || query_.include_simulated)
            if (auto done = cover({query_.from, query_.to}, simulated, levels); !done)
                return pass(std::move(done));
    if (auto done = read_blocks(); !done)
        return pass(std::move(done));
    if (auto done = read_buffered(buffered); !done)
        return pass(std::move(done));
    return std::move(results_);
}

void series_reader::add(std::size_t field, timestamp at, const aggregate& values) {
    results_[field][bucket_of(at)].merge(values);
}

timestamp series_reader::bucket_of(timestamp at) const {
    if (query_.bounds.empty())
        return rounded_down(at, query_.step);
    return *std::prev(std::ranges::upper_bound(query_.bounds, at));
}

result<void> series_reader::cover(range span, bool simulated, std::size_t levels) {
    if (span.from >= span.to)
        return {};
    if (levels == 0) {
        request_raw(span, simulated);
        return {};
    }
    const microseconds width = bucket_width(rollup_levels[levels - 1]);
    const range whole{rounded_up(span.from, width), rounded_down(span.to, width)};
    if (whole.from >= whole.to)
        return cover(span, simulated, levels - 1);
    if (auto done = cover({span.from, whole.from}, simulated, levels - 1); !done)
        return done;
    if (auto done = cover_whole(whole, simulated, levels); !done)
        return done;
    return cover({whole.to, span.to}, simulated, levels - 1);
}

result<void> series_reader::cover_whole(range span, bool simulated, std::size_t levels) {
    const microseconds width = bucket_width(rollup_levels[levels - 1]);
    timestamp covered_to = span.from; // everything before it is covered
    range divided{span.from, span.from};
    const auto read_divided = [&]() -> result<void> {
        if (auto done = read_chunks({covered_to, divided.from}, simulated, levels); !done)
            return done;
        covered_to = divided.to;
        return cover(divided, simulated, levels - 1);
    };
    for (auto bound = std::ranges::upper_bound(query_.bounds, span.from);
         bound != query_.bounds.end() && *bound < span.to; ++bound) {
        const timestamp begin = rounded_down(*bound, width);
        if (begin == *bound)
            continue;
        if (begin > divided.to) {
            if (auto done = read_divided(); !done)
                return done;
            divided.from = begin;
        }
        divided.to = begin + width;
    }
    if (auto done = read_divided(); !done)
        return done;
    return read_chunks({covered_to, span.to}, simulated, levels);
}

result<void> series_reader::read_chunks(range span, bool simulated, std::size_t levels) {
    if (span.from >= span.to)
        return {};
    const auto level = rollup_levels[levels - 1];
    const auto chunks = read_rollups(tables_, damage_, device_, level, simulated, span.from, span.to);
    if (!chunks)
        return std::unexpected(chunks.error());
    for (const stored_rollup& entry : *chunks) {
        const range overlap{std::max(span.from, entry.start),
                            std::min(span.to, entry.start + chunk_width(level))};
        const bool lacks_field = entry.chunk && !entry.chunk->is_complete() &&
                                 std::ranges::any_of(query_.fields, [&](const std::string& field) {
                                     return entry.chunk->find(field) == nullptr;
                                 });
        if (!entry.chunk || lacks_field) {
            if (auto done = cover(overlap, simulated, levels - 1); !done)
                return done;
            continue;
        }
        for (std::size_t field = 0; field < query_.fields.size(); ++field) {
            const auto* buckets = entry.chunk->find(query_.fields[field]);
            if (buckets == nullptr)
                continue;
            for (const auto& [number, values] : *buckets) {
                const timestamp start = entry.start + number * bucket_width(level);
                if (start >= overlap.from && start < overlap.to)
                    add(field, start, values);
            }
        }
    }
    return {};
}

result<void> series_reader::read_blocks() {
    bool any_range = false;
    for (auto& ranges : raw_) {
        std::ranges::sort(ranges, {}, &range::from);
        std::vector<range> merged;
        for (const range& next : ranges)
            if (!merged.empty() && next.from <= merged.back().to)
                merged.back().to = std::max(merged.back().to, next.to);
            else
                merged.push_back(next);
        ranges = std::move(merged);
        any_range = any_range || !ranges.empty();
    }
    if (!any_range)
        return {};
    std::vector<std::int64_t> needed;
    for (const bool simulated : {false, true}) {
        for (const range& span : raw_[simulated ? 1 : 0]) {
            const auto blocks = tables_.blocks_measured_in(device_, span.from, span.to, simulated);
            if (!blocks)
                return std::unexpected(blocks.error());
            needed.insert(needed.end(), blocks->begin(), blocks->end());
        }
    }
    std::ranges::sort(needed);
    const auto duplicates = std::ranges::unique(needed);
    needed.erase(duplicates.begin(), duplicates.end());
    for (const std::int64_t block : needed)
        if (auto done = read_block(block); !done)
            return done;
    return {};
}

result<void> series_reader::read_block(std::int64_t block) {
    const auto bytes = tables_.block_bytes(device_, block);
    if (!bytes && bytes.error().code != errc::not_found)
        return std::unexpected(bytes.error());
    const auto opened = bytes ? blocks::block::open(*bytes) : fail(errc::malformed, {});
    if (!opened) {
        damage_.report_block(block);
        return {};
    }
    const auto& rows = opened->rows();
    std::vector<bool> included(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        included[i] =
            needs_raw(measured_at(rows[i].device_timestamp, rows[i].received_at), rows[i].simulated);
    for (std::size_t field = 0; field < query_.fields.size(); ++field) {
        const auto numbers = opened->numbers(query_.fields[field]);
        if (!numbers) {
            damage_.report_block(block);
            return {};
        }
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (!included[i] || !(*numbers)[i])
                continue;
            const timestamp at = measured_at(rows[i].device_timestamp, rows[i].received_at);
            aggregate single;
            single.add(*(*numbers)[i], at);
            add(field, at, single);
        }
    }
    return {};
}

bool series_reader::needs_raw(timestamp at, bool simulated) const {
    const auto& ranges = raw_[simulated ? 1 : 0];
    const auto next = std::ranges::upper_bound(ranges, at, {}, &range::from);
    return next != ranges.begin() && at < std::prev(next)->to;
}

result<void> series_reader::read_buffered(const std::vector<buffered_reading>& buffered) {
    std::vector<buffered_reading> entries = buffered;
    std::erase_if(entries, [this](const buffered_reading& entry) {
        // A measurement is at most five minutes later than its arrival, but can be arbitrarily earlier.
        return (entry.simulated() && !query_.include_simulated) ||
               entry.received_at() + std::chrono::minutes{5} < query_.from;
    });
    for (auto rest = std::span<const buffered_reading>{entries}; !rest.empty();) {
        const auto batch = rest.first(std::min(buffered_batch, rest.size()));
        rest = rest.subspan(batch.size());
        const auto readings = tables_.read_buffered(batch);
        if (!readings)
            return std::unexpected(readings.error());
        for (const reading& item : *readings)
            add_buffered(item);
    }
    return {};
}

void series_reader::add_buffered(const reading& item) {
    const timestamp at = measured_at(item);
    if (at < query_.from || at >= query_.to)
        return;
    numbers_.for_each(item.payload, [&](const std::string& name, std::string_view spelled) {
        const auto field = std::ranges::find(query_.fields, name);
        const auto value = field == query_.fields.end() ? std::nullopt : blocks::number_of(spelled);
        if (!value)
            return;
        aggregate single;
        single.add(*value, at);
        add(static_cast<std::size_t>(field - query_.fields.begin()), at, single);
    });
}

} // namespace breakwater::storage::engine

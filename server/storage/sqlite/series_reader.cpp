#include "storage/sqlite/series_reader.hpp"

#include "base/calendar.hpp"
#include "storage/blocks/block.hpp"
#include "storage/blocks/spelled_number.hpp"
#include "storage/sqlite/conditions.hpp"

#include <algorithm>
#include <limits>

namespace breakwater::storage::sqlite {

namespace {

using blocks::rollup_levels;
using std::chrono::microseconds;

timestamp rounded_up(timestamp at, microseconds width) noexcept {
    const timestamp down = rounded_down(at, width);
    return down == at ? at : down + width;
}

} // namespace

result<std::vector<series>> series_reader::read(const std::vector<hot_entry>& hot) {
    std::size_t levels = 0;
    while (
        levels < rollup_levels.size() &&
        (!asked_.bounds.empty() || asked_.step % bucket_width(rollup_levels[levels]) == microseconds::zero()))
        ++levels;
    for (const bool simulated : {false, true})
        if (!simulated || asked_.include_simulated)
            if (auto done = cover({asked_.from, asked_.to}, simulated, levels); !done)
                return pass(std::move(done));
    if (auto done = read_blocks(); !done)
        return pass(std::move(done));
    if (auto done = read_hot(hot); !done)
        return pass(std::move(done));
    return std::move(found_);
}

void series_reader::add(std::size_t field, timestamp at, const aggregate& what) {
    found_[field][bucket_of(at)].merge(what);
}

timestamp series_reader::bucket_of(timestamp at) const {
    if (asked_.bounds.empty())
        return rounded_down(at, asked_.step);
    return *std::prev(std::ranges::upper_bound(asked_.bounds, at));
}

result<void> series_reader::cover(range asked, bool simulated, std::size_t levels) {
    if (asked.from >= asked.to)
        return {};
    if (levels == 0) {
        want_raw(asked, simulated);
        return {};
    }
    const microseconds width = bucket_width(rollup_levels[levels - 1]);
    const range whole{rounded_up(asked.from, width), rounded_down(asked.to, width)};
    if (whole.from >= whole.to)
        return cover(asked, simulated, levels - 1);
    if (auto done = cover({asked.from, whole.from}, simulated, levels - 1); !done)
        return done;
    if (auto done = cover_whole(whole, simulated, levels); !done)
        return done;
    return cover({whole.to, asked.to}, simulated, levels - 1);
}

result<void> series_reader::cover_whole(range asked, bool simulated, std::size_t levels) {
    const microseconds width = bucket_width(rollup_levels[levels - 1]);
    timestamp done_to = asked.from; // what is before it is read
    range cut{asked.from, asked.from};
    const auto read_cut = [&]() -> result<void> {
        if (auto done = read_chunks({done_to, cut.from}, simulated, levels); !done)
            return done;
        done_to = cut.to;
        return cover(cut, simulated, levels - 1);
    };
    for (auto bound = std::ranges::upper_bound(asked_.bounds, asked.from);
         bound != asked_.bounds.end() && *bound < asked.to; ++bound) {
        const timestamp begin = rounded_down(*bound, width);
        if (begin == *bound)
            continue;
        if (begin > cut.to) {
            if (auto done = read_cut(); !done)
                return done;
            cut.from = begin;
        }
        cut.to = begin + width;
    }
    if (auto done = read_cut(); !done)
        return done;
    return read_chunks({done_to, asked.to}, simulated, levels);
}

result<void> series_reader::read_chunks(range asked, bool simulated, std::size_t levels) {
    if (asked.from >= asked.to)
        return {};
    const auto level = rollup_levels[levels - 1];
    const auto chunks = read_rollups(db_, damage_, device_, level, simulated, asked.from, asked.to);
    if (!chunks)
        return std::unexpected(chunks.error());
    for (const stored_rollup& each : *chunks) {
        const range its{std::max(asked.from, each.begins),
                        std::min(asked.to, each.begins + chunk_width(level))};
        const bool lacks = each.chunk && !each.chunk->is_complete() &&
                           std::ranges::any_of(asked_.fields, [&](const std::string& field) {
                               return each.chunk->find(field) == nullptr;
                           });
        if (!each.chunk || lacks) {
            if (auto done = cover(its, simulated, levels - 1); !done)
                return done;
            continue;
        }
        for (std::size_t field = 0; field < asked_.fields.size(); ++field) {
            const auto* buckets = each.chunk->find(asked_.fields[field]);
            if (buckets == nullptr)
                continue;
            for (const auto& [number, what] : *buckets) {
                const timestamp begins = each.begins + number * bucket_width(level);
                if (begins >= its.from && begins < its.to)
                    add(field, begins, what);
            }
        }
    }
    return {};
}

result<void> series_reader::read_blocks() {
    bool anything = false;
    for (auto& ranges : raw_) {
        std::ranges::sort(ranges, {}, &range::from);
        std::vector<range> joined;
        for (const range& each : ranges)
            if (!joined.empty() && each.from <= joined.back().to)
                joined.back().to = std::max(joined.back().to, each.to);
            else
                joined.push_back(each);
        ranges = std::move(joined);
        anything = anything || !ranges.empty();
    }
    if (!anything)
        return {};
    // The spans that there are, one after the other.
    for (std::int64_t span = -1;;) {
        statement next = db_.prepare("SELECT min(span) FROM block_entries WHERE device = ?1 AND span > ?2");
        const auto row = next.bind(device_, span).step();
        if (!row)
            return std::unexpected(row.error());
        if (next.is_null(0))
            return {};
        span = next.integer(0);
        if (auto done = read_blocks_of(static_cast<int>(span)); !done)
            return done;
    }
}

result<void> series_reader::read_blocks_of(int span) {
    std::vector<std::int64_t> wanted;
    const std::int64_t longest =
        span < 62 ? std::int64_t{1} << span : std::numeric_limits<std::int64_t>::max() / 4;
    for (const bool simulated : {false, true}) {
        for (const range& each : raw_[simulated ? 1 : 0]) {
            statement query = db_.prepare(
                "SELECT block, simulated, count FROM block_entries WHERE device = ?1 AND span = ?2"
                " AND first_measured >= ?3 AND first_measured < ?4 AND last_measured >= ?5");
            query.bind(device_, span, micros(each.from) - longest, each.to, each.from);
            const auto rows = query.rows([simulated](const statement& row) {
                const bool any = simulated ? row.integer(1) > 0 : row.integer(1) < row.integer(2);
                return any ? row.integer(0) : 0;
            });
            if (!rows)
                return std::unexpected(rows.error());
            wanted.insert(wanted.end(), rows->begin(), rows->end());
        }
    }
    std::ranges::sort(wanted);
    const auto twice = std::ranges::unique(wanted);
    wanted.erase(twice.begin(), twice.end());
    for (const std::int64_t block : wanted)
        if (block != 0)
            if (auto done = read_block(block); !done)
                return done;
    return {};
}

result<void> series_reader::read_block(std::int64_t block) {
    const auto bytes = block_bytes(db_, block);
    if (!bytes && bytes.error().code != errc::not_found)
        return std::unexpected(bytes.error());
    const auto opened = bytes ? blocks::block::open(*bytes) : fail(errc::malformed, {});
    if (!opened) {
        damage_.found(block);
        return {};
    }
    const auto& rows = opened->rows();
    std::vector<bool> counts(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        counts[i] = wants_raw(measured_at(rows[i].device_timestamp, rows[i].received_at), rows[i].simulated);
    for (std::size_t field = 0; field < asked_.fields.size(); ++field) {
        const auto numbers = opened->numbers(asked_.fields[field]);
        if (!numbers) {
            damage_.found(block);
            return {};
        }
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (!counts[i] || !(*numbers)[i])
                continue;
            const timestamp at = measured_at(rows[i].device_timestamp, rows[i].received_at);
            aggregate one;
            one.add(*(*numbers)[i], at);
            add(field, at, one);
        }
    }
    return {};
}

bool series_reader::wants_raw(timestamp at, bool simulated) const {
    const auto& ranges = raw_[simulated ? 1 : 0];
    const auto behind = std::ranges::upper_bound(ranges, at, {}, &range::from);
    return behind != ranges.begin() && at < std::prev(behind)->to;
}

result<void> series_reader::read_hot(const std::vector<hot_entry>& hot) {
    for (const hot_entry& entry : hot) {
        // A reading is measured at most five minutes after it arrives; how long before is anybody's guess.
        if ((entry.simulated() && !asked_.include_simulated) ||
            entry.received_at() + std::chrono::minutes{5} < asked_.from)
            continue;
        statement query = db_.prepare("SELECT device_timestamp, payload FROM hot_readings WHERE id = ?1");
        const auto row = query.bind(entry.id()).step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            continue;
        const timestamp at = measured_at(query.optional_time(0), entry.received_at());
        if (at < asked_.from || at >= asked_.to)
            continue;
        numbers_.each(query.text_view(1), [&](const std::string& name, std::string_view spelled) {
            const auto field = std::ranges::find(asked_.fields, name);
            const auto value = field == asked_.fields.end() ? std::nullopt : blocks::number_of(spelled);
            if (!value)
                return;
            aggregate one;
            one.add(*value, at);
            add(static_cast<std::size_t>(field - asked_.fields.begin()), at, one);
        });
    }
    return {};
}

} // namespace breakwater::storage::sqlite

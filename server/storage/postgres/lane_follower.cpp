#include "storage/postgres/lane_follower.hpp"

#include "storage/postgres/chunk.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace breakwater::storage::postgres {

using engine::appended_reading;
using engine::device_key;

namespace {

constexpr std::int64_t chunks_per_query = 256;

lane_number number_of(std::int64_t lane) {
    return static_cast<lane_number>(lane);
}

} // namespace

void lane_follower::exclude(lane_number own_lane) {
    const lock_guard lock{mutex_};
    own_lane_ = own_lane;
}

result<last_ids> lane_follower::refresh(connection& db) {
    last_ids last{};
    std::vector<lane_position> lanes;
    auto listed = db.prepare("SELECT lane, seq, last_id FROM lanes")
                      .for_each([&](const statement& row) -> result<void> {
                          lanes.push_back({row.integer(0), row.integer(1)});
                          last[number_of(row.integer(0))] = row.integer(2);
                          return {};
                      });
    if (!listed)
        return pass(std::move(listed));
    // Others wait for this thread: they need the same rows.
    const lock_guard lock{mutex_};
    std::erase_if(lanes, [this](const lane_position& at) REQUIRES(mutex_) {
        return at.lane == own_lane_ || at.seq <= compactions_read_[number_of(at.lane)];
    });
    if (!lanes.empty() || !loaded_)
        if (auto done = read(db, lanes); !done)
            return pass(std::move(done));
    return last;
}

result<void> lane_follower::read(connection& db, const std::vector<lane_position>& advanced) {
    if (!loaded_)
        if (auto done = read_damaged(db); !done)
            return done;
    const auto compacted = read_compactions(db, advanced);
    if (!compacted)
        return std::unexpected(compacted.error());
    for (const lane_position& lane : advanced)
        if (auto done = read_chunks(db, lane, *compacted); !done)
            return done;
    if (loaded_)
        for (const auto& [device, through] : *compacted)
            shared_.buffered.compacted(device, through);
    loaded_ = true;
    for (const lane_position& lane : advanced)
        compactions_read_[number_of(lane.lane)] = lane.seq;
    return {};
}

result<void> lane_follower::read_damaged(connection& db) {
    const auto damaged = db.prepare("SELECT first_id FROM damaged_chunks").rows([](const statement& row) {
        return row.integer(0);
    });
    if (!damaged)
        return std::unexpected(damaged.error());
    for (const std::int64_t first_id : *damaged)
        shared_.damage.report_chunk(first_id);
    return {};
}

result<std::unordered_map<device_key, reading_id>>
lane_follower::read_compactions(connection& db, const std::vector<lane_position>& advanced) {
    std::vector<std::int64_t> lanes;
    std::vector<std::int64_t> after;
    for (const lane_position& at : advanced) {
        lanes.push_back(at.lane);
        after.push_back(compactions_read_[number_of(at.lane)]);
    }
    statement query = loaded_
                          ? db.prepare("SELECT c.device, c.through FROM unnest($1, $2) AS known (lane, seq)"
                                       " JOIN compactions AS c ON c.lane = known.lane AND c.seq > known.seq")
                          : db.prepare("SELECT device, through FROM compactions");
    if (loaded_)
        query.bind(std::span<const std::int64_t>{lanes}, std::span<const std::int64_t>{after});
    std::unordered_map<device_key, reading_id> compacted;
    auto read = query.for_each([&](const statement& row) -> result<void> {
        compacted.emplace(row.integer(0), row.integer(1));
        return {};
    });
    if (!read)
        return pass(std::move(read));
    return compacted;
}

result<void> lane_follower::read_chunks(connection& db, const lane_position& lane,
                                        const std::unordered_map<device_key, reading_id>& compacted) {
    std::int64_t& read = chunks_read_[number_of(lane.lane)];
    while (read < lane.seq) {
        std::vector<appended_reading> readings;
        statement query = db.prepare("SELECT seq, first_id, heads FROM chunks WHERE lane = $1 AND seq > $2"
                                     " AND seq <= $3 ORDER BY seq LIMIT $4");
        query.bind(lane.lane, read, lane.seq, chunks_per_query);
        std::int64_t last = lane.seq;
        std::int64_t count = 0;
        reading_id end = 0;
        auto added = query.for_each([&](const statement& row) -> result<void> {
            if (++count == chunks_per_query)
                last = row.integer(0);
            const auto heads = decode_heads(row.view(2), number_of(lane.lane));
            if (!heads) {
                shared_.damage.report_chunk(row.integer(1));
                return {};
            }
            end = std::max(end, heads->back().entry.id() + 1);
            for (const chunk_head& head : *heads) {
                const auto through = compacted.find(head.device);
                if (through == compacted.end() || head.entry.id() > through->second)
                    readings.push_back({head.device, head.entry});
            }
            return {};
        });
        if (!added)
            return added;
        shared_.buffered.add_foreign(readings);
        shared_.buffered.begin_at(end, number_of(lane.lane));
        read = last;
    }
    return {};
}

} // namespace breakwater::storage::postgres

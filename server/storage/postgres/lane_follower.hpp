#pragma once

#include "base/mutex.hpp"
#include "storage/engine/shared_state.hpp"
#include "storage/postgres/connection.hpp"

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace breakwater::storage::postgres {

using engine::lane_number;

/// The highest id of the readings of each lane that a transaction sees.
using last_ids = std::array<reading_id, 256>;

/// Adds to the index of the write buffer what other processes have committed to their lanes: new readings,
/// and how far the readings of each device were moved into blocks. Any thread may call.
class lane_follower {
public:
    explicit lane_follower(engine::shared_state& shared) noexcept : shared_{shared} {}

    /// Adds what the transaction of `db` sees and the index lacks. Costs one small query if nothing is new.
    result<last_ids> refresh(connection& db);
    /// Call it when this process has taken the lane: from now on `refresh` ignores the lane, because the
    /// writer adds its own commits to the index.
    void exclude(lane_number own_lane);

private:
    struct lane_position {
        std::int64_t lane = 0;
        std::int64_t seq = 0;
    };
    using positions = std::array<std::int64_t, 256>;
    result<void> read(connection& db, const std::vector<lane_position>& advanced) REQUIRES(mutex_);
    result<void> read_damaged(connection& db);
    /// How far the readings of each device are in blocks, where that is news.
    result<std::unordered_map<engine::device_key, reading_id>>
    read_compactions(connection& db, const std::vector<lane_position>& advanced) REQUIRES(mutex_);
    /// Adds the readings in new chunks of the lane, without those that are in blocks.
    result<void> read_chunks(connection& db, const lane_position& lane,
                             const std::unordered_map<engine::device_key, reading_id>& compacted)
        REQUIRES(mutex_);

    engine::shared_state& shared_;
    mutex mutex_;
    bool loaded_ GUARDED_BY(mutex_) = false;       ///< everything was read once
    std::int64_t own_lane_ GUARDED_BY(mutex_) = 0; ///< 0: none
    // For each lane: the `seq` up to which its chunks, or its compactions, were read.
    positions chunks_read_ GUARDED_BY(mutex_){};
    positions compactions_read_ GUARDED_BY(mutex_){};
};

} // namespace breakwater::storage::postgres

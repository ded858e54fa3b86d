#pragma once

#include "events/readings_committed.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace breakwater::test {

/// As if the store had stored the reading. Keeps its id, or sets one.
inline void mark_stored(reading& item) {
    item.id = std::max<reading_id>(item.id, 1);
    item.outcome = append_outcome::stored;
}

/// One upload with all readings, which count as stored.
inline events::committed_readings upload_of(std::vector<reading> readings) {
    std::ranges::for_each(readings, mark_stored);
    const std::size_t end = readings.size();
    return std::make_shared<const events::readings_committed>(std::move(readings), std::vector{end});
}

/// One upload for each reading. They count as stored.
inline events::committed_readings uploads_of(std::vector<reading> readings) {
    std::vector<std::size_t> ends;
    for (reading& item : readings) {
        mark_stored(item);
        ends.push_back(ends.size() + 1);
    }
    return std::make_shared<const events::readings_committed>(std::move(readings), std::move(ends));
}

} // namespace breakwater::test

#pragma once

#include "events/readings_committed.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace breakwater::test {

/// One upload with all readings. Readings without an id get one, as if they were stored.
inline events::committed_readings upload_of(std::vector<reading> readings) {
    for (reading& item : readings)
        item.id = item.id == 0 ? 1 : item.id;
    const std::size_t end = readings.size();
    return std::make_shared<const events::readings_committed>(std::move(readings), std::vector{end});
}

/// One upload for each reading.
inline events::committed_readings uploads_of(std::vector<reading> readings) {
    std::vector<std::size_t> ends;
    for (reading& item : readings) {
        item.id = item.id == 0 ? 1 : item.id;
        ends.push_back(ends.size() + 1);
    }
    return std::make_shared<const events::readings_committed>(std::move(readings), std::move(ends));
}

} // namespace breakwater::test

#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/aggregate.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace breakwater::storage {

/// What some fields of a device's readings looked like over a time, by when they were measured
/// (`measured_at`).
struct series_question {
    breakwater::device_id device_id;
    timestamp from;
    timestamp to; ///< exclusive
    bool include_simulated = false;
    /// As domain/field_name.hpp has them.
    std::vector<std::string> fields;
    /// How long a bucket is. Above a minute a whole number of minutes, above an hour of hours, above a day of
    /// days: then it is read off rollups.
    std::chrono::microseconds step{};
    /// Where not empty, buckets are what lies between neighbours here, and `step` means nothing: in order,
    /// the first at `from` or before it, the last at `to` or after it.
    std::vector<timestamp> bounds{};
};

/// Of one field: the buckets that have anything, by their begin, which is a multiple of the step since 1970
/// or one of the bounds (the first may begin before the question does, and holds nothing from before it).
using series = std::map<timestamp, aggregate>;

} // namespace breakwater::storage

#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/aggregate.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace breakwater::storage {

/// Selects fields of a device's readings over a time range of `measured_at`.
struct series_query {
    breakwater::device_id device_id;
    timestamp from;
    timestamp to; ///< exclusive
    bool include_simulated = false;
    /// Spelled as in domain/field_name.hpp.
    std::vector<std::string> fields;
    /// Length of a bucket. A step above a minute is a whole number of minutes, above an hour a whole number
    /// of hours, and above a day a whole number of days. So rollups can answer the query.
    std::chrono::microseconds step{};
    /// If not empty, each bucket reaches from one bound to the next, and `step` is ignored. The bounds
    /// ascend. The first is at or before `from`, the last at or after `to`.
    std::vector<timestamp> bounds{};
};

/// The non-empty buckets of one field, keyed by the start of the bucket: a multiple of the step since 1970,
/// or one of the bounds. The first bucket may start before `series_query::from`, but contains no values from
/// before it.
using series = std::map<timestamp, aggregate>;

} // namespace breakwater::storage

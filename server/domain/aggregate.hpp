#pragma once

#include "base/clock.hpp"

#include <algorithm>
#include <cstdint>

namespace breakwater {

/// Summary of a field's values over a period. Summaries of parts can be merged.
struct aggregate {
    std::int64_t count = 0; ///< 0: no values; the other members are then undefined
    double min = 0;
    double max = 0;
    double sum = 0;
    double first = 0;
    double last = 0;
    timestamp first_at{}; ///< when `first` was measured; of several values at this time, any one
    timestamp last_at{};

    [[nodiscard]] double mean() const noexcept { return sum / static_cast<double>(count); }

    void add(double value, timestamp at) noexcept {
        merge({.count = 1,
               .min = value,
               .max = value,
               .sum = value,
               .first = value,
               .last = value,
               .first_at = at,
               .last_at = at});
    }

    void merge(const aggregate& other) noexcept {
        if (other.count == 0)
            return;
        if (count == 0) {
            *this = other;
            return;
        }
        count += other.count;
        min = std::min(min, other.min);
        max = std::max(max, other.max);
        sum += other.sum;
        if (other.first_at < first_at) {
            first = other.first;
            first_at = other.first_at;
        }
        if (other.last_at >= last_at) {
            last = other.last;
            last_at = other.last_at;
        }
    }
};

} // namespace breakwater

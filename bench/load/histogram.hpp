#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace breakwater::bench {

/// Counts latencies in buckets less than 0.8 % wide, so that percentiles need no samples. Not thread-safe:
/// each thread has its own histogram, and `merge` adds them up.
class histogram {
public:
    histogram();

    /// Values below zero count as zero, values above an hour as an hour.
    void record(std::chrono::nanoseconds latency) noexcept;
    void merge(const histogram& other) noexcept;

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] std::chrono::nanoseconds max() const noexcept { return max_; }
    /// The latency that a `share` (0 to 1) of the samples did not exceed; zero if there are no samples.
    [[nodiscard]] std::chrono::nanoseconds percentile(double share) const noexcept;

private:
    std::vector<std::uint64_t> buckets_;
    std::uint64_t count_ = 0;
    std::chrono::nanoseconds max_{0};
};

} // namespace breakwater::bench

#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace breakwater::bench {

/// Latencies, counted in buckets less than 0.8 % wide: percentiles without keeping the samples. Not for
/// several threads at once; each keeps its own, and `merge` adds them up.
class histogram {
public:
    histogram();

    /// Below zero counts as zero; beyond an hour as an hour.
    void record(std::chrono::nanoseconds latency) noexcept;
    void merge(const histogram& other) noexcept;

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] std::chrono::nanoseconds max() const noexcept { return max_; }
    /// The latency that `share` of the samples (0 to 1) did not exceed; zero where there are none.
    [[nodiscard]] std::chrono::nanoseconds percentile(double share) const noexcept;

private:
    std::vector<std::uint64_t> buckets_;
    std::uint64_t count_ = 0;
    std::chrono::nanoseconds max_{0};
};

} // namespace breakwater::bench

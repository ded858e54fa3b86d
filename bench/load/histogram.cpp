#include "load/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace breakwater::bench {

namespace {

constexpr unsigned sub_bits = 7; // 128 buckets per power of two
constexpr std::chrono::nanoseconds max_latency = std::chrono::hours{1};

/// Each value below 2^(sub_bits+1) has its own bucket. Above, the leading sub_bits+1 bits and the shift
/// determine the bucket.
constexpr std::size_t bucket_of(std::uint64_t value) noexcept {
    const auto width = static_cast<unsigned>(std::bit_width(value));
    const unsigned shift = width > sub_bits + 1 ? width - (sub_bits + 1) : 0;
    return (std::size_t{shift} << sub_bits) + static_cast<std::size_t>(value >> shift);
}

constexpr std::uint64_t highest_in(std::size_t bucket) noexcept {
    constexpr std::size_t per_shift = std::size_t{1} << sub_bits;
    const std::size_t shift = bucket < 2 * per_shift ? 0 : bucket / per_shift - 1;
    const std::uint64_t leading = bucket - shift * per_shift;
    return ((leading + 1) << shift) - 1;
}

} // namespace

histogram::histogram() : buckets_(bucket_of(static_cast<std::uint64_t>(max_latency.count())) + 1) {}

void histogram::record(std::chrono::nanoseconds latency) noexcept {
    const auto clamped = std::clamp(latency, std::chrono::nanoseconds{0}, max_latency);
    ++buckets_[bucket_of(static_cast<std::uint64_t>(clamped.count()))];
    ++count_;
    max_ = std::max(max_, clamped);
}

void histogram::merge(const histogram& other) noexcept {
    for (std::size_t i = 0; i < buckets_.size(); ++i)
        buckets_[i] += other.buckets_[i];
    count_ += other.count_;
    max_ = std::max(max_, other.max_);
}

std::chrono::nanoseconds histogram::percentile(double share) const noexcept {
    const auto rank = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
    std::uint64_t count_so_far = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
        count_so_far += buckets_[i];
        if (buckets_[i] != 0 && count_so_far >= rank)
            return std::min(max_, std::chrono::nanoseconds{static_cast<std::int64_t>(highest_in(i))});
    }
    return max_;
}

} // namespace breakwater::bench

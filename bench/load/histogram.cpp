#include "load/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace breakwater::bench {

namespace {

constexpr unsigned sub_bits = 7; // 128 buckets for each doubling
constexpr std::chrono::nanoseconds longest = std::chrono::hours{1};

/// Values below 2^(sub_bits+1) have a bucket each; beyond, the bucket is the leading sub_bits+1 bits and the
/// shift.
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

histogram::histogram() : buckets_(bucket_of(static_cast<std::uint64_t>(longest.count())) + 1) {}

void histogram::record(std::chrono::nanoseconds latency) noexcept {
    const auto kept = std::clamp(latency, std::chrono::nanoseconds{0}, longest);
    ++buckets_[bucket_of(static_cast<std::uint64_t>(kept.count()))];
    ++count_;
    max_ = std::max(max_, kept);
}

void histogram::merge(const histogram& other) noexcept {
    for (std::size_t i = 0; i < buckets_.size(); ++i)
        buckets_[i] += other.buckets_[i];
    count_ += other.count_;
    max_ = std::max(max_, other.max_);
}

std::chrono::nanoseconds histogram::percentile(double share) const noexcept {
    const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
        seen += buckets_[i];
        if (buckets_[i] != 0 && seen >= wanted)
            return std::min(max_, std::chrono::nanoseconds{static_cast<std::int64_t>(highest_in(i))});
    }
    return max_;
}

} // namespace breakwater::bench

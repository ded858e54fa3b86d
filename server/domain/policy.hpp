#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace breakwater {

/// What devices may send and for how long it is kept, as far as somebody decided it: for one device, or for a
/// category.
struct reading_policy {
    std::optional<std::chrono::microseconds> min_interval{}; ///< between two readings that aren't late
    std::optional<std::int64_t> payload_limit_bytes{};
    std::optional<std::int64_t> backfill_per_second{}; ///< late readings
    std::optional<std::int64_t> backfill_burst{};
    std::optional<std::int64_t> keep_readings_days{}; ///< 0: for ever
    std::optional<std::int64_t> keep_rollups_days{};  ///< 0: for ever

    friend bool operator==(const reading_policy&, const reading_policy&) = default;
    [[nodiscard]] bool empty() const { return *this == reading_policy{}; }
};

/// What holds for a device.
struct effective_policy {
    std::chrono::microseconds min_interval{std::chrono::seconds{1}};
    std::int64_t payload_limit_bytes = 2048;
    std::int64_t backfill_per_second = 100;
    std::int64_t backfill_burst = 10'000;
    std::int64_t keep_readings_days = 0;
    std::int64_t keep_rollups_days = 0;

    /// The same where `over` says nothing else.
    [[nodiscard]] effective_policy with(const reading_policy& over) const noexcept {
        return {.min_interval = over.min_interval.value_or(min_interval),
                .payload_limit_bytes = over.payload_limit_bytes.value_or(payload_limit_bytes),
                .backfill_per_second = over.backfill_per_second.value_or(backfill_per_second),
                .backfill_burst = over.backfill_burst.value_or(backfill_burst),
                .keep_readings_days = over.keep_readings_days.value_or(keep_readings_days),
                .keep_rollups_days = over.keep_rollups_days.value_or(keep_rollups_days)};
    }
};

} // namespace breakwater

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace breakwater {

/// Limits for readings, and their retention, for one device or one category. An unset member leaves the value
/// of the wider policy in force: that of the category or of the server.
struct reading_policy {
    /// Minimum time between two readings that are not late.
    std::optional<std::chrono::microseconds> min_interval{};
    std::optional<std::int64_t> payload_limit_bytes{};
    std::optional<std::int64_t> backfill_per_second{}; ///< late readings that a device may send per second
    std::optional<std::int64_t> backfill_burst{};      ///< late readings that a device may send at once
    std::optional<std::int64_t> keep_readings_days{};  ///< 0: for ever
    std::optional<std::int64_t> keep_rollups_days{};   ///< 0: for ever

    friend bool operator==(const reading_policy&, const reading_policy&) = default;
    [[nodiscard]] bool empty() const { return *this == reading_policy{}; }
};

/// The limits that apply to a device.
struct effective_policy {
    std::chrono::microseconds min_interval{std::chrono::seconds{1}};
    std::int64_t payload_limit_bytes = 2048;
    std::int64_t backfill_per_second = 100;
    std::int64_t backfill_burst = 10'000;
    std::int64_t keep_readings_days = 0;
    std::int64_t keep_rollups_days = 0;

    /// This policy with the set members of `policy` in place of its own.
    [[nodiscard]] effective_policy overridden_by(const reading_policy& policy) const noexcept {
        return {.min_interval = policy.min_interval.value_or(min_interval),
                .payload_limit_bytes = policy.payload_limit_bytes.value_or(payload_limit_bytes),
                .backfill_per_second = policy.backfill_per_second.value_or(backfill_per_second),
                .backfill_burst = policy.backfill_burst.value_or(backfill_burst),
                .keep_readings_days = policy.keep_readings_days.value_or(keep_readings_days),
                .keep_rollups_days = policy.keep_rollups_days.value_or(keep_rollups_days)};
    }
};

} // namespace breakwater

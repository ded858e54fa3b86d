#pragma once

#include "base/ids.hpp"
#include "domain/category.hpp"
#include "domain/policy.hpp"
#include "wire/schema/schema.hpp"

#include <cstdint>
#include <optional>

namespace breakwater::wire {

struct policy_request { ///< PolicyRequest: an absent member is not set
    std::optional<schema::integer<0, 86'400'000>> min_interval_ms;
    std::optional<schema::integer<2, 1'000'000>> payload_limit_bytes;
    std::optional<schema::integer<1, 1'000'000>> backfill_per_second;
    std::optional<schema::integer<1, 10'000'000>> backfill_burst;
    std::optional<schema::integer<0, 36'500>> keep_readings_days;
    std::optional<schema::integer<0, 36'500>> keep_rollups_days;
};

struct decided_policy { ///< DecidedPolicy
    std::optional<std::int64_t> min_interval_ms;
    std::optional<std::int64_t> payload_limit_bytes;
    std::optional<std::int64_t> backfill_per_second;
    std::optional<std::int64_t> backfill_burst;
    std::optional<std::int64_t> keep_readings_days;
    std::optional<std::int64_t> keep_rollups_days;
};

struct policy_in_force { ///< EffectivePolicy
    std::int64_t min_interval_ms = 0;
    std::int64_t payload_limit_bytes = 0;
    std::int64_t backfill_per_second = 0;
    std::int64_t backfill_burst = 0;
    std::int64_t keep_readings_days = 0;
    std::int64_t keep_rollups_days = 0;
};

struct refused_readings { ///< RefusedReadings
    std::int64_t too_large = 0;
    std::int64_t too_soon = 0;
    std::int64_t backfill_limited = 0;
    std::int64_t malformed = 0;
    std::int64_t blocked = 0;
    std::int64_t overloaded = 0;
};

struct device_policy { ///< DevicePolicy
    breakwater::device_id device_id;
    breakwater::category category = breakwater::category::weather_station;
    decided_policy decided;
    policy_in_force effective;
    std::int64_t backfill_left = 0;
    refused_readings refused;
};

struct category_policy { ///< CategoryPolicy
    breakwater::category category = breakwater::category::weather_station;
    decided_policy decided;
    policy_in_force effective;
};

[[nodiscard]] reading_policy to_domain(const policy_request& request);
[[nodiscard]] decided_policy to_dto(const reading_policy& policy);
[[nodiscard]] policy_in_force to_dto(const effective_policy& policy);

} // namespace breakwater::wire

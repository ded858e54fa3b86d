#pragma once

#include "base/clock.hpp"
#include "domain/device.hpp"
#include "services/caller.hpp"
#include "telemetry/refusal_tally.hpp"
#include "wire/device_dto.hpp"
#include "wire/policy_dto.hpp"

#include <chrono>
#include <optional>

namespace breakwater::api {

// Conversions into messages of `wire` that need types of other modules.

/// Shows only what `caller` may see.
[[nodiscard]] wire::device_detail to_detail(const device& source, std::optional<timestamp> last_reading_at,
                                            std::chrono::seconds expected_interval,
                                            const services::caller& caller);
[[nodiscard]] wire::refused_readings to_dto(const telemetry::refusal_counts& counts);

} // namespace breakwater::api

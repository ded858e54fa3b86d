#include "api/conversions.hpp"

#include "services/device_service.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace breakwater::api {

wire::device_detail to_detail(const device& source, std::optional<timestamp> last_reading_at,
                              std::chrono::seconds expected_interval, const services::caller& caller) {
    wire::visible_block block;
    if (source.block)
        block = {.author = services::author_of(*source.block, caller),
                 .may_release = services::may_release(source, caller)};
    return wire::to_detail(source, last_reading_at, expected_interval, std::move(block));
}

wire::refused_readings to_dto(const telemetry::refusal_counts& counts) {
    const auto count = [&counts](telemetry::refusal reason) {
        return static_cast<std::int64_t>(counts[static_cast<std::size_t>(reason)]);
    };
    using telemetry::refusal;
    return {.too_large = count(refusal::too_large),
            .too_soon = count(refusal::too_soon),
            .backfill_limited = count(refusal::backfill_limited),
            .malformed = count(refusal::malformed),
            .blocked = count(refusal::blocked),
            .overloaded = count(refusal::overloaded)};
}

} // namespace breakwater::api

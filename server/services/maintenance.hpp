#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "storage/database.hpp"
#include "storage/device_registry.hpp"
#include "storage/policy_registry.hpp"

#include <chrono>
#include <cstdint>

namespace breakwater::services {

struct removed_counts {
    std::int64_t events = 0;
    std::int64_t sessions = 0;
};

/// Retention: removes security events older than `keep_events` and refresh families past their absolute
/// expiry, in small transactions so that nothing waits for it. Removing events is itself on record, in the
/// same transaction. Blocks; call it once an hour or so.
[[nodiscard]] result<removed_counts> apply_retention(storage::database& store, const clock& time,
                                                     std::chrono::days keep_events);

/// Retention of readings and rollups, by what holds for each device, and of message ids after seven days; in
/// small transactions so that nothing waits for it. Tells how many of all those went. Blocks; call it once an
/// hour or so.
[[nodiscard]] result<std::int64_t> expire_readings(storage::database& store,
                                                   const storage::device_registry& devices,
                                                   const storage::policy_registry& policies,
                                                   const clock& time);

/// Frees the room of readings whose device is gone, in small transactions so that nothing waits for it, and
/// so many of them at most; tells how many readings (and devices) that were. What is left goes the next time,
/// after a restart too. Blocks; call it once a second or so.
[[nodiscard]] result<std::int64_t> purge_readings(storage::database& store, int most_steps = 20);

} // namespace breakwater::services

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "registry/device_registry.hpp"
#include "registry/policy_registry.hpp"
#include "storage/catalogue.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

namespace breakwater::services {

struct removed_counts {
    std::int64_t events = 0;
    std::int64_t sessions = 0;
    std::int64_t alerts = 0;
    std::int64_t deliveries = 0; ///< webhook deliveries
};

/// Removes security events older than `keep_events`, alerts resolved before that, finished webhook
/// deliveries, and refresh families past their absolute expiry. Runs in small transactions behind other
/// writes, so that they do not wait. The removal of events is recorded in one event for the whole run: each
/// transaction adds to a stored count, and the run writes the event with the sum at its end, or, after a
/// crash, the next run does. When `stop` is requested it finishes the current transaction and returns
/// success. Blocks; call about once an hour.
[[nodiscard]] result<removed_counts> apply_retention(storage::catalogue& store, const clock& time,
                                                     std::chrono::days keep_events,
                                                     const std::stop_token& stop = {});

/// Retention of readings and rollups by each device's policy, and of message ids after seven days. Runs in
/// small transactions, so that other writes do not wait, and in short steps, so that its caller can do other
/// work in between. One thread at a time.
class reading_expiry {
public:
    reading_expiry(storage::catalogue& store, const registry::device_registry& devices,
                   const registry::policy_registry& policies, const clock& time)
        : store_{store}, devices_{devices}, policies_{policies}, clock_{time} {}

    /// Collects the devices that may have expired readings or rollups. Call about once an hour.
    void begin();
    /// Runs at most `max_transactions`, fewer once `stop` is requested. Returns true when no expired rows
    /// remain. Blocks. After a failure the next call continues at the same position.
    result<bool> step(int max_transactions = 20, const std::stop_token& stop = {});

private:
    struct due {
        device_id device;
        std::optional<timestamp> readings_before;
        std::optional<timestamp> rollups_before;
    };
    /// Runs within one transaction; returns the number of removed rows, at most `limit`.
    result<std::int64_t> expire_some(storage::transaction& tx, std::int64_t limit);

    storage::catalogue& store_;
    const registry::device_registry& devices_;
    const registry::policy_registry& policies_;
    const clock& clock_;
    std::vector<due> due_;
    std::size_t next_ = 0;
};

/// Removes the readings of deleted devices in at most `max_steps` small transactions, so that other writes do
/// not wait. Returns the number of removed readings and devices. The next call removes the rest, even after a
/// restart. Ends early once `stop` is requested. Blocks; call about once a second.
[[nodiscard]] result<std::int64_t> purge_readings(storage::catalogue& store, int max_steps = 20,
                                                  const std::stop_token& stop = {});

} // namespace breakwater::services

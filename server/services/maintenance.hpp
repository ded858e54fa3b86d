#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "storage/database.hpp"
#include "storage/device_registry.hpp"
#include "storage/policy_registry.hpp"

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
    std::int64_t deliveries = 0; ///< to webhooks
};

/// Retention: removes security events older than `keep_events`, alerts that were resolved before, messages to
/// webhooks that are over, and refresh families past their absolute expiry, in small transactions behind
/// other writes, so that nothing waits for it. Removing events is itself on record, in one event for the
/// whole run: each transaction counts what it removes, durably, and the event is written with the sum at the
/// end, or, after a crash, by the next run. Once `stop` is requested it ends after the transaction under way,
/// and that is no failure. Blocks; call it once an hour or so.
[[nodiscard]] result<removed_counts> apply_retention(storage::database& store, const clock& time,
                                                     std::chrono::days keep_events,
                                                     const std::stop_token& stop = {});

/// Retention of readings and rollups, by what holds for each device, and of message ids after seven days.
/// Goes in small transactions, so that nothing waits for it, and in short steps, so that whoever calls it has
/// time for other things. One thread at a time.
class reading_expiry {
public:
    reading_expiry(storage::database& store, const storage::device_registry& devices,
                   const storage::policy_registry& policies, const clock& time)
        : store_{store}, devices_{devices}, policies_{policies}, clock_{time} {}

    /// Looks for which devices something may be too old by now. Once an hour or so.
    void begin();
    /// At most so many transactions, fewer once `stop` is requested; true once all is done. Blocks. After a
    /// failure it goes on where it was.
    result<bool> step(int most_transactions = 20, const std::stop_token& stop = {});

private:
    struct due {
        device_id device;
        std::optional<timestamp> readings_before;
        std::optional<timestamp> rollups_before;
    };
    /// One transaction; how much it removed, of `most`.
    result<std::int64_t> expire_some(storage::transaction& within, std::int64_t most);

    storage::database& store_;
    const storage::device_registry& devices_;
    const storage::policy_registry& policies_;
    const clock& clock_;
    std::vector<due> due_;
    std::size_t next_ = 0;
};

/// Frees the room of readings whose device is gone, in small transactions so that nothing waits for it, and
/// so many of them at most; tells how many readings (and devices) that were. What is left goes the next time,
/// after a restart too. Ends early once `stop` is requested. Blocks; call it once a second or so.
[[nodiscard]] result<std::int64_t> purge_readings(storage::database& store, int most_steps = 20,
                                                  const std::stop_token& stop = {});

} // namespace breakwater::services

#pragma once

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "base/result.hpp"
#include "domain/policy.hpp"
#include "registry/device_registry.hpp"
#include "registry/policy_registry.hpp"
#include "storage/catalogue.hpp"
#include "telemetry/rate_limiter.hpp"
#include "telemetry/refusal_tally.hpp"
#include "telemetry/submission.hpp"
#include "telemetry/token_buckets.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <unordered_map>

namespace breakwater::telemetry {

/// The limits of a device's readings: their size, the interval between them, and the allowance for late ones.
/// Any thread may call.
class admission {
public:
    struct dependencies {
        const registry::device_registry& devices;
        const registry::policy_registry& policies;
        const clock& time;
    };
    explicit admission(const dependencies& deps) : deps_{deps} {}

    /// What the accepted readings of a submission use of the device's limits, until `commit` or `release`.
    struct claim {
        std::size_t slots = 0;  ///< readings that hold the device's slot of the rate limiter
        std::size_t tokens = 0; ///< of the allowance for late readings
    };

    /// Sets the refusal of each item that exceeds a limit. Sets device_id, received_at and late of the
    /// others. A reading of a batch is late if it was measured (device_timestamp) at least the device's
    /// minimum interval before `now`, and at least 1 s. Late readings use the allowance instead of the slot.
    [[nodiscard]] claim check(submission& submitted, const effective_policy& policy, timestamp now);
    /// The accepted readings are durable. Those that were stored before don't count.
    void commit(const device_id& device, const claim& claimed, std::span<const reading> stored);
    /// Nothing was stored, so nothing counts.
    void release(const device_id& device, const claim& claimed);

    /// Counts a refusal that is no matter of limits.
    void count_refusal(const device_id& device, refusal reason, std::size_t count = 1);

    /// See `ingest::restore_limits`.
    result<void> restore(storage::catalogue& store);
    /// Calls `write` with units of work that save the allowances which changed since the last call.
    void save(const std::function<void(storage::catalogue::unit_of_work)>& write);
    /// As in `storage::ownership_follower`.
    result<void> take_over(storage::transaction& tx, std::span<const device_id> devices);
    void finish(std::span<const device_id> devices);
    result<void> hand_over(storage::transaction& tx, std::span<const device_id> devices);
    void prune();
    void forget(const device_id& device);

    [[nodiscard]] const refusal_tally& refusals() const noexcept { return refusals_; }
    /// Refused readings by reason, since the server started.
    [[nodiscard]] std::uint64_t refused(refusal reason) const noexcept {
        return totals_[static_cast<std::size_t>(reason)].load(std::memory_order_relaxed);
    }
    /// The number of late readings that the device may send now. 0 if the device does not exist.
    [[nodiscard]] std::size_t backfill_remaining(const device_id& id) const;

private:
    [[nodiscard]] std::optional<error> check_size(const reading& arrived, const effective_policy& policy);
    [[nodiscard]] std::optional<error> check_interval(const device_id& device,
                                                      const effective_policy& policy);
    /// Takes tokens for the late readings; refuses those beyond the allowance. Returns the tokens taken.
    std::size_t check_late(submission& submitted, std::span<const std::size_t> late,
                           const effective_policy& policy);

    void restore_allowances(std::span<const storage::limit_state> states, timestamp now,
                            steady_point steady_now);
    result<void> restore_intervals(const storage::series_store& readings, std::span<const device_id> devices,
                                   timestamp now, steady_point steady_now);

    const dependencies deps_;
    rate_limiter intervals_;
    token_buckets backfill_;
    mutex departing_mutex_;
    /// The allowances of devices that leave this process.
    std::unordered_map<device_id, storage::limit_state> departing_ GUARDED_BY(departing_mutex_);
    refusal_tally refusals_;
    std::array<std::atomic<std::uint64_t>, refusal_count> totals_{};
};

} // namespace breakwater::telemetry

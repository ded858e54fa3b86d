#pragma once

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "base/result.hpp"
#include "services/alert_service.hpp"
#include "services/clock_watch.hpp"
#include "services/maintenance.hpp"
#include "storage/leases.hpp"

#include <chrono>
#include <condition_variable>
#include <stop_token>
#include <thread>

namespace breakwater::app {

/// Removes readings and events older than their retention period, and the readings of deleted devices, on
/// its own thread. It works in steps of small transactions and gives way to other writes, so that neither
/// other writes nor the shutdown wait for it. If several processes use the database, each removes the
/// readings of the devices that it owns; only the holder of `lease::housekeeping` does the rest. Retention
/// pauses while `clock_watch` holds it, because the
/// clock may be wrong.
class housekeeping {
public:
    struct dependencies {
        storage::catalogue& store;
        const storage::lease_holder& leases;
        const registry::device_registry& devices;
        const registry::policy_registry& policies;
        services::alert_service& alerts;
        services::clock_watch& clocks; ///< started; only housekeeping calls its `tick`
        const clock& time;
        std::chrono::days keep_events;
    };
    /// Starts the thread.
    explicit housekeeping(const dependencies& deps);
    /// Waits for the current step. The next start continues the rest.
    ~housekeeping();
    housekeeping(const housekeeping&) = delete;
    housekeeping& operator=(const housekeeping&) = delete;

private:
    void loop();
    [[nodiscard]] bool holds_lease() const noexcept {
        return deps_.leases.holds(storage::lease::housekeeping);
    }
    /// Runs all due steps.
    void work();
    void purge(steady_point now);
    /// What only the holder of the lease does once an hour.
    void apply_retention(steady_point now);

    const dependencies deps_;
    services::reading_expiry expiry_;
    bool expiring_ = false;
    steady_point next_expiry_;
    steady_point next_retention_;
    steady_point next_purge_{};
    std::stop_source stop_;
    mutex mutex_; ///< guards nothing: `stopped_` needs one
    std::condition_variable_any stopped_;
    std::thread thread_; ///< last member: the thread uses all others
};

} // namespace breakwater::app

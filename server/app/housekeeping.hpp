#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "services/alert_service.hpp"
#include "services/clock_watch.hpp"
#include "services/maintenance.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace breakwater::app {

/// Removes what is too old, and what is left of deleted devices, on a thread of its own: in steps of a small
/// transaction each, behind what others write, so that neither they nor a signal to stop wait for it. Nothing
/// goes for its age while `clock_watch` holds it, as the clock may be wrong.
class housekeeping {
public:
    struct parts {
        storage::database& store;
        const storage::device_registry& devices;
        const storage::policy_registry& policies;
        services::alert_service& alerts;
        services::clock_watch& clocks; ///< started; nobody else calls its `tick`
        const clock& time;
        std::chrono::days keep_events;
    };
    /// Begins at once.
    explicit housekeeping(const parts& with);
    /// Ends after the step under way; what is left goes on at the next start.
    ~housekeeping();
    housekeeping(const housekeeping&) = delete;
    housekeeping& operator=(const housekeeping&) = delete;

private:
    void loop();
    /// Whatever is due by now.
    void work();
    void purge(steady_point now);
    void retain(steady_point now);

    const parts with_;
    services::reading_expiry expiry_;
    bool expiring_ = false;
    steady_point next_retention_;
    steady_point next_purge_{};
    std::stop_source stop_;
    std::mutex mutex_;
    std::condition_variable_any stopped_;
    std::thread thread_; ///< last: starts when all else is there
};

} // namespace breakwater::app

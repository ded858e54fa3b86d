#include "app/housekeeping.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"

namespace breakwater::app {

namespace {

constexpr std::chrono::hours retention_interval{1};
constexpr std::chrono::seconds poll_interval{1};
constexpr int transactions_per_step = 20;
constexpr std::chrono::seconds purge_interval_after_failure{60};

void warn(std::string_view message, const error& failure) {
    log::write(log::level::warning, message, {{"detail", failure.detail}});
}

} // namespace

housekeeping::housekeeping(const dependencies& deps)
    : deps_{deps},
      expiry_{deps.store, deps.devices, deps.policies, deps.time},
      next_expiry_{deps.time.steady_now()},
      next_retention_{next_expiry_},
      thread_{start_thread("housekeeping", [this] { loop(); }, thread_priority::background)} {}

housekeeping::~housekeeping() {
    stop_.request_stop(); // also wakes the wait in loop()
    thread_.join();
    if (const auto saved = deps_.clocks.save(); !saved)
        warn("the time of the last run could not be saved", saved.error());
}

void housekeeping::loop() {
    const std::stop_token stop = stop_.get_token();
    while (!stop.stop_requested()) {
        work();
        if (expiring_)
            continue;
        unique_lock lock{mutex_};
        stopped_.wait_for(lock, stop, poll_interval, [] { return false; });
    }
}

void housekeeping::work() {
    const steady_point now = deps_.time.steady_now();
    if (now >= next_purge_ && holds_lease())
        purge(now);
    deps_.clocks.tick();
    const bool held = deps_.clocks.held_until().has_value();
    expiring_ = expiring_ && !held;
    if (now >= next_expiry_ && !held) {
        next_expiry_ = now + retention_interval;
        expiry_.begin();
        expiring_ = true;
    }
    if (now >= next_retention_ && !held && holds_lease())
        apply_retention(now);
    if (!expiring_)
        return;
    const auto done = expiry_.step(transactions_per_step, stop_.get_token());
    expiring_ = done && !*done;
    if (!done)
        warn("retention of readings failed; next attempt in an hour", done.error());
}

void housekeeping::purge(steady_point now) {
    const auto purged = services::purge_readings(deps_.store, transactions_per_step, stop_.get_token());
    next_purge_ = now + (purged ? poll_interval : purge_interval_after_failure);
    if (!purged)
        warn("readings of deleted devices could not be removed; next attempt in a minute", purged.error());
}

void housekeeping::apply_retention(steady_point now) {
    next_retention_ = now + retention_interval;
    if (const auto done = deps_.alerts.resolve_quiet_incidents(); !done)
        warn("quiet incidents could not be resolved; next attempt in an hour", done.error());
    if (const auto done =
            services::apply_retention(deps_.store, deps_.time, deps_.keep_events, stop_.get_token());
        !done)
        warn("retention failed; next attempt in an hour", done.error());
}

} // namespace breakwater::app

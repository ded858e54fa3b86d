#include "app/housekeeping.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"

namespace breakwater::app {

namespace {

constexpr std::chrono::hours retention_interval{1};
constexpr std::chrono::seconds look_interval{1};
constexpr int transactions_a_look = 20;
constexpr std::chrono::seconds purge_interval_after_failure{60};

void warn(std::string_view what, const error& why) {
    log::write(log::level::warning, what, {{"detail", why.detail}});
}

} // namespace

housekeeping::housekeeping(const parts& with)
    : with_{with},
      expiry_{with.store, with.devices, with.policies, with.time},
      next_retention_{with.time.steady_now()},
      thread_{start_thread("housekeeping", [this] { loop(); }, thread_priority::background)} {}

housekeeping::~housekeeping() {
    stop_.request_stop(); // wakes the wait, too
    thread_.join();
    if (const auto saved = with_.clocks.save(); !saved)
        warn("when the server ran last could not be written down", saved.error());
}

void housekeeping::loop() {
    const std::stop_token stop = stop_.get_token();
    while (!stop.stop_requested()) {
        work();
        if (expiring_)
            continue;
        std::unique_lock lock{mutex_};
        stopped_.wait_for(lock, stop, look_interval, [] { return false; });
    }
}

void housekeeping::work() {
    const steady_point now = with_.time.steady_now();
    if (now >= next_purge_)
        purge(now);
    with_.clocks.tick();
    const bool held = with_.clocks.held_until().has_value();
    expiring_ = expiring_ && !held;
    if (now >= next_retention_ && !held)
        retain(now);
    if (!expiring_)
        return;
    const auto done = expiry_.step(transactions_a_look, stop_.get_token());
    expiring_ = done && !*done;
    if (!done)
        warn("retention of readings failed; it is tried again in an hour", done.error());
}

void housekeeping::purge(steady_point now) {
    const auto purged = services::purge_readings(with_.store, transactions_a_look, stop_.get_token());
    next_purge_ = now + (purged ? look_interval : purge_interval_after_failure);
    if (!purged)
        warn("readings of deleted devices could not be removed yet", purged.error());
}

void housekeeping::retain(steady_point now) {
    next_retention_ = now + retention_interval;
    expiry_.begin();
    expiring_ = true;
    if (const auto done = with_.alerts.end_quiet_incidents(); !done)
        warn("old alerts could not be ended; it is tried again in an hour", done.error());
    if (const auto done =
            services::apply_retention(with_.store, with_.time, with_.keep_events, stop_.get_token());
        !done)
        warn("retention failed; it is tried again in an hour", done.error());
}

} // namespace breakwater::app

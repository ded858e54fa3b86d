#include "services/clock_watch.hpp"

#include "base/log.hpp"
#include "base/time.hpp"

#include <fmt/format.h>

#include <utility>

namespace breakwater::services {

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::seconds;

microseconds offset_of(const clock& time) {
    return time.now().time_since_epoch() - duration_cast<microseconds>(time.steady_now().time_since_epoch());
}

std::string duration_text(microseconds difference) {
    const auto total = duration_cast<seconds>(difference < microseconds{0} ? -difference : difference);
    const auto days = duration_cast<std::chrono::days>(total);
    const auto remaining = total - days;
    if (days.count() > 0)
        return fmt::format("{} d {} h", days.count(), duration_cast<std::chrono::hours>(remaining).count());
    return fmt::format("{} s", total.count());
}

} // namespace

clock_watch::clock_watch(const dependencies& deps)
    : deps_{deps}, changes_{deps.store, deps.audit, deps.time}, offset_{offset_of(deps.time)} {}

result<void> clock_watch::start() {
    auto saved =
        storage::fetch(deps_.store, [](const storage::snapshot& view) { return view.clock().find(); });
    if (!saved)
        return pass(std::move(saved));
    if (*saved) {
        const storage::clock_state& previous = **saved;
        const timestamp now = deps_.time.now();
        const microseconds by = now - previous.seen_at;
        if (previous.held_for) {
            const lock_guard lock{mutex_};
            held_until_ = deps_.time.steady_now() + *previous.held_for;
            ahead_ = previous.ahead;
        }
        if (by <= -min_set_back || by >= holding_gap)
            handle({.by = by, .at = now, .holds = by >= holding_gap, .at_start = true});
    }
    record_pending();
    return save();
}

void clock_watch::tick() {
    const microseconds offset = offset_of(deps_.time);
    const microseconds by = offset - offset_;
    offset_ = offset;
    if (by >= min_jump || by <= -min_jump)
        handle({.by = by, .at = deps_.time.now(), .holds = by >= holding_jump});
    record_pending();
    bool due = deps_.time.steady_now() >= saved_ + save_interval;
    {
        const lock_guard lock{mutex_};
        if (held_until_ && deps_.time.steady_now() >= *held_until_) {
            held_until_.reset();
            changed_ = true;
            log::write(log::level::info, "retention resumed: a day has passed since the clock jumped");
        }
        due = due || changed_;
    }
    if (due)
        (void)save(); // the next tick tries again
}

storage::clock_state clock_watch::state() const {
    storage::clock_state now{.seen_at = deps_.time.now()};
    const lock_guard lock{mutex_};
    if (held_until_) {
        now.held_for = std::chrono::ceil<microseconds>(*held_until_ - deps_.time.steady_now());
        now.ahead = ahead_;
    }
    return now;
}

result<void> clock_watch::save() {
    {
        const lock_guard lock{mutex_};
        changed_ = false;
    }
    auto saved = deps_.store.write([this](storage::transaction& tx) { return tx.clock().save(state()); });
    const lock_guard lock{mutex_};
    if (saved)
        saved_ = deps_.time.steady_now();
    else
        changed_ = true;
    return saved;
}

void clock_watch::handle(const jump& detected) {
    ++jumps_;
    {
        const lock_guard lock{mutex_};
        ahead_ = held_until_ ? ahead_ + detected.by : detected.by;
        if (detected.holds)
            held_until_ = deps_.time.steady_now() + hold_for;
        else if (held_until_ && detected.by < microseconds{0} && ahead_ < holding_jump)
            held_until_.reset(); // the clock is right again
    }
    log::write(log::level::warning,
               detected.by < microseconds{0} ? "the clock jumped backward" : "the clock jumped forward",
               {{"by", duration_text(detected.by)},
                {"retention", detected.holds ? "on hold for a day, or until POST /admin/retention/release"
                                             : "not affected"}});
    if (unrecorded_.size() < max_unrecorded)
        unrecorded_.push_back(detected);
}

void clock_watch::record_pending() {
    while (!unrecorded_.empty() && record(unrecorded_.front()))
        unrecorded_.pop_front();
}

result<void> clock_watch::record(const jump& detected) {
    const bool is_backward = detected.by < microseconds{0};
    const std::string amount = duration_text(detected.by);
    std::string detail =
        !detected.at_start ? fmt::format("The clock jumped {} by {} compared with the elapsed time.",
                                         is_backward ? "backward" : "forward", amount)
        : is_backward
            ? fmt::format("The last run of the server is {} in the future: the clock was set back.", amount)
            : fmt::format("The last run of the server is {} ago: the server was stopped that long, or the "
                          "clock was set forward.",
                          amount);
    if (detected.holds)
        detail += " Retention is on hold for a day, or until an administrator confirms the clock.";
    return deps_.store.write([&](storage::transaction& tx) -> result<void> {
        auto recorded =
            tx.audit().append({.created_at = detected.at,
                               .actor = actor_type::system,
                               .type = is_backward ? event_type::clock_back : event_type::clock_forward,
                               .status = detected.holds ? event_status::error : event_status::success,
                               .detail = detail});
        return recorded ? tx.clock().save(state()) : pass(std::move(recorded));
    });
}

std::optional<timestamp> clock_watch::held_until() const {
    const lock_guard lock{mutex_};
    if (!held_until_)
        return std::nullopt;
    return deps_.time.now() + std::chrono::ceil<microseconds>(*held_until_ - deps_.time.steady_now());
}

result<void> clock_watch::release(const caller& caller) {
    if (!held_until())
        return fail(errc::bad_state, "Retention is not on hold.");
    return changes_.write(event_type::retention_release, "Retention", std::nullopt, caller,
                          [&](storage::transaction& tx) -> result<void> {
                              auto recorded = tx.audit().append(
                                  event_of(caller, deps_.time.now(), event_type::retention_release,
                                           event_status::success, std::nullopt,
                                           "An administrator confirmed the clock; retention resumed."));
                              if (!recorded)
                                  return pass(std::move(recorded));
                              tx.after_commit([this] {
                                  const lock_guard lock{mutex_};
                                  held_until_.reset();
                                  changed_ = true;
                              });
                              return tx.clock().save({.seen_at = deps_.time.now()});
                          });
}

} // namespace breakwater::services

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

std::string shown(microseconds by) {
    const auto whole = duration_cast<seconds>(by < microseconds{0} ? -by : by);
    const auto days = duration_cast<std::chrono::days>(whole);
    const auto rest = whole - days;
    if (days.count() > 0)
        return fmt::format("{} d {} h", days.count(), duration_cast<std::chrono::hours>(rest).count());
    return fmt::format("{} s", whole.count());
}

} // namespace

clock_watch::clock_watch(const parts& with)
    : with_{with}, changes_{with.store, with.audit, with.time}, offset_{offset_of(with.time)} {}

result<void> clock_watch::start() {
    auto found = storage::ask(with_.store, [](const storage::snapshot& view) { return view.clock().find(); });
    if (!found)
        return pass(std::move(found));
    if (*found) {
        const storage::clock_state& before = **found;
        const timestamp now = with_.time.now();
        const microseconds by = now - before.seen_at;
        if (before.held_for) {
            const std::lock_guard lock{mutex_};
            held_until_ = with_.time.steady_now() + *before.held_for;
            ahead_ = before.ahead;
        }
        if (by <= -least_back || by >= holding_gap)
            note({.by = by, .at = now, .holds = by >= holding_gap, .at_start = true});
    }
    record_noted();
    return save();
}

void clock_watch::tick() {
    const microseconds offset = offset_of(with_.time);
    const microseconds by = offset - offset_;
    offset_ = offset;
    if (by >= least_jump || by <= -least_jump)
        note({.by = by, .at = with_.time.now(), .holds = by >= holding_jump});
    record_noted();
    bool due = with_.time.steady_now() >= saved_ + save_interval;
    {
        const std::lock_guard lock{mutex_};
        if (held_until_ && with_.time.steady_now() >= *held_until_) {
            held_until_.reset();
            changed_ = true;
            log::write(log::level::info, "retention goes on: a day has passed since the clock jumped");
        }
        due = due || changed_;
    }
    if (due)
        (void)save(); // the next tick tries again
}

storage::clock_state clock_watch::state() const {
    storage::clock_state now{.seen_at = with_.time.now()};
    const std::lock_guard lock{mutex_};
    if (held_until_) {
        now.held_for = std::chrono::ceil<microseconds>(*held_until_ - with_.time.steady_now());
        now.ahead = ahead_;
    }
    return now;
}

result<void> clock_watch::save() {
    {
        const std::lock_guard lock{mutex_};
        changed_ = false;
    }
    auto saved = with_.store.write([this](storage::transaction& tx) { return tx.clock().save(state()); });
    const std::lock_guard lock{mutex_};
    if (saved)
        saved_ = with_.time.steady_now();
    else
        changed_ = true;
    return saved;
}

void clock_watch::note(const jump& noticed) {
    ++jumps_;
    {
        const std::lock_guard lock{mutex_};
        ahead_ = held_until_ ? ahead_ + noticed.by : noticed.by;
        if (noticed.holds)
            held_until_ = with_.time.steady_now() + hold_for;
        else if (held_until_ && noticed.by < microseconds{0} && ahead_ < holding_jump)
            held_until_.reset(); // it is as it was before
    }
    log::write(
        log::level::warning,
        noticed.by < microseconds{0} ? "the clock was set back" : "the clock went forward",
        {{"by", shown(noticed.by)},
         {"retention", noticed.holds ? "waits for a day, or for POST /admin/retention/release" : "goes on"}});
    if (unrecorded_.size() < most_unrecorded)
        unrecorded_.push_back(noticed);
}

void clock_watch::record_noted() {
    while (!unrecorded_.empty() && record(unrecorded_.front()))
        unrecorded_.pop_front();
}

result<void> clock_watch::record(const jump& noticed) {
    const bool back = noticed.by < microseconds{0};
    std::string detail =
        noticed.at_start
            ? back ? fmt::format("The server ran last {} from now by this clock: it was set back.",
                                 shown(noticed.by))
                   : fmt::format(
                         "The server ran last {} ago by this clock: it was stopped for as long, or the clock "
                         "was set.",
                         shown(noticed.by))
            : fmt::format("The clock went {} by {} against the time that passed.", back ? "back" : "forward",
                          shown(noticed.by));
    if (noticed.holds)
        detail += " Retention waits for a day, or until an administrator says that the clock is right.";
    return with_.store.write([&](storage::transaction& tx) -> result<void> {
        auto recorded =
            tx.audit().append({.created_at = noticed.at,
                               .actor = actor_type::system,
                               .type = back ? event_type::clock_back : event_type::clock_forward,
                               .status = noticed.holds ? event_status::error : event_status::success,
                               .detail = detail});
        return recorded ? tx.clock().save(state()) : pass(std::move(recorded));
    });
}

std::optional<timestamp> clock_watch::held_until() const {
    const std::lock_guard lock{mutex_};
    if (!held_until_)
        return std::nullopt;
    return with_.time.now() + std::chrono::ceil<microseconds>(*held_until_ - with_.time.steady_now());
}

result<void> clock_watch::release(const caller& who) {
    if (!held_until())
        return fail(errc::bad_state, "Retention does not wait for anything.");
    return changes_.write(event_type::retention_release, "Retention", std::nullopt, who,
                          [&](storage::transaction& tx) -> result<void> {
                              auto recorded = tx.audit().append(event_of(
                                  who, with_.time.now(), event_type::retention_release, event_status::success,
                                  std::nullopt, "The clock is right: retention goes on."));
                              if (!recorded)
                                  return pass(std::move(recorded));
                              tx.after_commit([this] {
                                  const std::lock_guard lock{mutex_};
                                  held_until_.reset();
                                  changed_ = true;
                              });
                              return tx.clock().save({.seen_at = with_.time.now()});
                          });
}

} // namespace breakwater::services

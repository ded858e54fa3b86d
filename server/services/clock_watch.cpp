#include "services/clock_watch.hpp"

#include "base/log.hpp"
#include "base/time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

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

/// The newest row of that type that isn't in the future.
result<std::optional<security_event>> newest(const storage::snapshot& view, event_type type,
                                             timestamp until) {
    auto found = view.audit().list({.since = {}, .until = until, .type = type, .limit = 1});
    if (!found)
        return pass(std::move(found));
    if (found->empty())
        return std::nullopt;
    return std::move(found->front());
}

/// What commands at the server's shell did is in the audit log, too, by whatever the clock said then: it
/// tells nothing of the time in which the server ran. But that a person says that the clock is right counts.
bool tells_the_time(const security_event& event) {
    constexpr std::string_view serves = "breakwater serve";
    const std::string_view route = event.origin.route;
    return !route.starts_with("breakwater ") || route == serves ||
           event.type == event_type::retention_release;
}

/// The newest row by which the clock can be judged, of those until then.
result<std::optional<security_event>> newest_of_the_server(const storage::snapshot& view,
                                                           std::optional<timestamp> until) {
    storage::event_query query{.since = {}, .until = until, .limit = 100};
    for (;;) {
        auto found = view.audit().list(query);
        if (!found)
            return pass(std::move(found));
        if (const auto row = std::ranges::find_if(*found, tells_the_time); row != found->end())
            return std::move(*row);
        if (found->size() < query.limit)
            return std::nullopt;
        query.before = found->back().id;
    }
}

event_id id_of(const std::optional<security_event>& event) {
    return event ? event->id : 0;
}

} // namespace

clock_watch::clock_watch(const parts& with)
    : with_{with}, changes_{with.store, with.audit, with.time}, offset_{offset_of(with.time)} {}

result<void> clock_watch::start() {
    const timestamp now = with_.time.now();
    const timestamp at_latest = now + least_back;
    struct newest_rows {
        std::optional<security_event> of_all;
        std::optional<security_event> until_now;
        std::optional<security_event> forward;
        std::optional<security_event> back;
        std::optional<security_event> released;
    } rows;
    auto done = with_.store.read([&](const storage::snapshot& view) -> result<void> {
        const auto take = [](std::optional<security_event>& into,
                             result<std::optional<security_event>> found) -> result<void> {
            if (!found)
                return pass(std::move(found));
            into = std::move(*found);
            return {};
        };
        if (auto read = take(rows.of_all, newest_of_the_server(view, {})); !read)
            return read;
        if (auto read = take(rows.until_now, newest_of_the_server(view, at_latest)); !read)
            return read;
        if (auto read = take(rows.forward, newest(view, event_type::clock_forward, at_latest)); !read)
            return read;
        if (auto read = take(rows.back, newest(view, event_type::clock_back, at_latest)); !read)
            return read;
        return take(rows.released, newest(view, event_type::retention_release, at_latest));
    });
    if (!done)
        return done;
    // Rows from times to come: the clock was set back. Once that is on record, they are known.
    if (rows.of_all && rows.of_all->created_at > at_latest && rows.of_all->id > id_of(rows.back)) {
        note({.by = now - rows.of_all->created_at, .at = now, .at_start = true});
    } else if (rows.until_now && now - rows.until_now->created_at >= holding_gap) {
        note({.by = now - rows.until_now->created_at, .at = now, .holds = true, .at_start = true});
    } else if (rows.forward && rows.forward->status == event_status::error &&
               rows.forward->id > std::max(id_of(rows.back), id_of(rows.released)) &&
               now - rows.forward->created_at < hold_for) {
        const std::lock_guard lock{mutex_};
        held_until_ = with_.time.steady_now() + (hold_for - (now - rows.forward->created_at));
    }
    record_noted();
    return {};
}

void clock_watch::tick() {
    const microseconds offset = offset_of(with_.time);
    const microseconds by = offset - offset_;
    offset_ = offset;
    if (by >= least_jump || by <= -least_jump)
        note({.by = by, .at = with_.time.now(), .holds = by >= holding_jump});
    record_noted();
    const std::lock_guard lock{mutex_};
    if (held_until_ && with_.time.steady_now() >= *held_until_) {
        held_until_.reset();
        log::write(log::level::info, "retention goes on: a day has passed since the clock jumped");
    }
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
            ? back ? fmt::format("The audit log has rows of up to {} to come: the clock was set back.",
                                 shown(noticed.by))
                   : fmt::format(
                         "The newest row of the audit log is {} old: the server was stopped for as long, or "
                         "the clock was set.",
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
        return recorded ? result<void>{} : pass(std::move(recorded));
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
                              });
                              return {};
                          });
}

} // namespace breakwater::services

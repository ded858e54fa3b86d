#include "alerts/watcher.hpp"

#include "alerts/findings.hpp"
#include "base/log.hpp"
#include "base/thread.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace breakwater::alerts {

namespace {

/// Of findings that go into the store in one unit of work.
constexpr std::size_t findings_at_once = 200;
/// Of those that were put off, in one step.
constexpr std::size_t offered_at_once = 20;
constexpr std::chrono::seconds longest_wait{1};

std::string prefix_of(rule_id rule) {
    return fmt::format("{:020}|", rule);
}

/// In the order of the rules.
std::string key_of(const alert_finding& of) {
    return prefix_of(of.rule) + (of.device ? of.device->to_string() : "-") + '|' + of.subject;
}

} // namespace

watcher::watcher(parts with, const watcher_options& chosen) : with_{std::move(with)}, options_{chosen} {}

watcher::~watcher() {
    stop();
}

result<void> watcher::start(std::span<const alert> live) {
    learn_rules();
    if (stale_)
        return fail(errc::storage_unavailable, "The alert rules can't be read.");
    for (const alert& each : live) {
        if (!each.rule || !each.device)
            continue;
        if (each.kind == alert_kind::field)
            fields_.restore(*each.rule, *each.device);
        else if (each.kind == alert_kind::silence)
            silence_.restore(*each.rule, *each.device);
    }
    const steady_point now = with_.time.steady_now();
    next_look_ = now;
    with_.devices.for_each([&](const device_id& id, const storage::device_state& is) {
        if (is.status == device_status::active)
            silence_.expect(id, now);
        else
            blocked_.insert(id);
    });
    for (const alert& each : live) // it may have been moved while nobody watched
        if (each.device)
            look_at_changed(*each.device);
    if (options_.runs_by_itself)
        thread_ = start_thread("alerts", [this] { loop(); }, thread_priority::background);
    return {};
}

void watcher::stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    happened_.notify_one();
    if (!thread_.joinable())
        return;
    thread_.join();
    step();
}

template <class Add>
void watcher::note(Add add) {
    bool wake = false;
    {
        const std::lock_guard lock{mutex_};
        wake = pending_.empty();
        add(pending_);
    }
    if (wake)
        happened_.notify_one();
}

void watcher::rules_changed() {
    note([](notes& to) { to.rules_changed = true; });
}

void watcher::stored(std::span<const reading> arrived) {
    if (!wants_readings_)
        return;
    note([&](notes& to) {
        for (const reading& each : arrived) {
            if (to.readings.size() >= options_.max_readings || to.bytes >= options_.max_bytes) {
                ++left_out_;
                continue;
            }
            to.bytes += each.payload.size();
            to.readings.push_back(each);
        }
    });
}

void watcher::changed(const device& what, events::device_change) {
    note([&](notes& to) { to.changed.push_back(what.id); });
}

void watcher::removed(const device_id& gone, user_id) {
    note([&](notes& to) { to.gone.push_back(gone); });
}

void watcher::alerted(const alert& what, alert_change how) {
    if (how == alert_change::resolved && !what.resolved_by.empty())
        note([&](notes& to) { to.settled.push_back(what); });
}

void watcher::denied(const security_event& event) {
    // The use of a replayed token isn't denied but found out, within a transaction of its own.
    if (event.type != event_type::refresh_reuse)
        note_incident(event);
}

void watcher::recorded(const security_event& event) {
    if (event.type == event_type::refresh_reuse)
        note_incident(event);
}

/// It is looked at within a second: nobody is woken for it.
void watcher::note_incident(const security_event& event) {
    if (!wants_incidents_)
        return;
    auto what = incident_of(event);
    if (!what)
        return;
    std::string key{static_cast<char>('0' + std::to_underlying(what->kind))};
    key += what->device ? what->device->to_string() : what->subject;
    const std::lock_guard lock{incidents_mutex_};
    const auto found = pending_incidents_.find(key);
    if (found != pending_incidents_.end())
        ++found->second.count;
    else if (pending_incidents_.size() < options_.max_incidents)
        pending_incidents_.emplace(std::move(key), noted_incident{std::move(*what), 1});
    else
        ++left_out_;
}

void watcher::loop() {
    for (;;) {
        {
            std::unique_lock lock{mutex_};
            happened_.wait_for(lock, longest_wait, [this] { return stopping_ || !pending_.empty(); });
            if (!stopping_)
                happened_.wait_for(lock, options_.gather, [this] { return stopping_; });
            if (stopping_)
                return;
        }
        step();
    }
}

void watcher::step() {
    notes taken;
    incidents_by_key incidents;
    {
        const std::lock_guard lock{mutex_};
        std::swap(taken, pending_);
    }
    {
        const std::lock_guard lock{incidents_mutex_};
        std::swap(incidents, pending_incidents_);
    }
    if (taken.rules_changed || stale_)
        learn_rules();
    look_at(taken);
    look_at(incidents);
    look_for_silence();
    offer_put_off();
    hand_over();
    end_common_alerts();
}

void watcher::learn_rules() {
    auto rules = with_.load_rules();
    stale_ = !rules;
    if (stale_) {
        log::write(log::level::warning, "alert rules could not be read; it is tried again soon",
                   {{"detail", rules.error().detail}});
        return;
    }
    fields_.replace(*rules);
    silence_.replace(*rules);
    incidents_.replace(*rules);
    const bool wants = !fields_.empty() || !silence_.empty();
    if (wants && !wants_readings_.exchange(wants))
        silence_.begin_anew(with_.time.steady_now());
    wants_readings_ = wants;
    wants_incidents_ = !incidents_.empty();
}

void watcher::look_at(const notes& what) {
    for (const reading& each : what.readings)
        look_at(each);
    for (const device_id& each : what.changed)
        look_at_changed(each);
    for (const alert& each : what.settled)
        look_at_settled(each);
    for (const device_id& each : what.gone) { // its alerts went with it
        silence_.forget(each, [](const silence_turn&) {});
        fields_.forget(each);
        blocked_.erase(each);
    }
}

void watcher::look_at(const reading& what) {
    const auto known = with_.devices.find(what.device_id);
    if (!known)
        return;
    watched_.fetch_add(1, std::memory_order_relaxed);
    const timestamp now = with_.time.now();
    if (known->status == device_status::active)
        silence_.heard(what.device_id, with_.time.steady_now(),
                       [&](const silence_turn& turn) { find(finding_of(turn, now)); });
    fields_.take(what, known->category, [&](const field_turn& turn) { find(finding_of(turn, now)); });
}

/// By what it is now, however often it changed.
void watcher::look_at_changed(const device_id& device) {
    const auto known = with_.devices.find(device);
    if (!known)
        return;
    const timestamp now = with_.time.now();
    const auto tell_silence = [&](const silence_turn& turn) { find(finding_of(turn, now)); };
    fields_.recheck(device, known->category, [&](const field_turn& turn) { find(finding_of(turn, now)); });
    silence_.recheck(device, known->category, tell_silence);
    if (known->status == device_status::blocked) {
        blocked_.insert(device);
        silence_.forget(device, tell_silence);
        return;
    }
    // Whoever is let in again is watched as if for the first time: a rule that blocked it may do so again.
    if (blocked_.erase(device) != 0)
        fields_.forget(device);
    silence_.expect(device, with_.time.steady_now());
}

void watcher::look_at_settled(const alert& what) {
    if (!what.rule)
        return;
    if (what.kind == alert_kind::security) {
        incidents_.settle(*what.rule, {.subject = what.subject, .device = what.device});
        return;
    }
    if (!what.device)
        return;
    fields_.settle(*what.rule, *what.device);
    silence_.settle(*what.rule, *what.device, with_.time.steady_now());
}

void watcher::look_at(const incidents_by_key& what) {
    const steady_point steady = with_.time.steady_now();
    const timestamp now = with_.time.now();
    const auto tell = [&](const incident_turn& turn) { find(finding_of(turn, now)); };
    for (const auto& [key, each] : what) {
        std::optional<category> kind;
        if (each.what.device)
            if (const auto known = with_.devices.find(*each.what.device))
                kind = known->category;
        if (!incidents_.take(each.what, each.count, kind, steady, tell))
            left_out_ += static_cast<std::uint64_t>(each.count);
    }
    incidents_.tick(steady, tell);
}

void watcher::look_for_silence() {
    const steady_point steady = with_.time.steady_now();
    if (steady < next_look_)
        return;
    next_look_ = steady + options_.look_interval;
    const timestamp now = with_.time.now();
    silence_.look(
        steady,
        [this](const device_id& id) {
            const auto known = with_.devices.find(id);
            return known ? known->category : category::weather_station;
        },
        [&](const silence_turn& turn) { find(finding_of(turn, now)); });
}

void watcher::find(alert_finding found) {
    // What waits for its turn and is over meanwhile was never told.
    if (found.over && put_off_.erase(key_of(found)) != 0)
        return;
    found_.push_back(std::move(found));
}

void watcher::offer_put_off() {
    for (std::size_t offered = std::min(offered_at_once, put_off_.size()); offered > 0; --offered) {
        auto next = put_off_.upper_bound(last_offered_);
        if (next == put_off_.end())
            next = put_off_.begin();
        auto taken = put_off_.extract(next);
        last_offered_ = taken.key();
        taken.mapped().put_off = true;
        found_.push_back(std::move(taken.mapped()));
    }
}

void watcher::hand_over() {
    std::size_t done = 0;
    while (done < found_.size()) {
        const std::size_t count = std::min(findings_at_once, found_.size() - done);
        auto too_many = with_.take(std::span{found_}.subspan(done, count));
        if (!too_many) {
            log::write(log::level::warning, "alerts could not be stored; it is tried again soon",
                       {{"detail", too_many.error().detail}});
            break;
        }
        keep_put_off(std::move(*too_many));
        done += count;
    }
    found_.erase(found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(done));
    if (found_.size() > options_.max_findings) {
        const std::size_t lost = found_.size() - options_.max_findings;
        found_.erase(found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(lost));
        lost_ += lost;
    }
}

void watcher::keep_put_off(std::vector<alert_finding> those) {
    for (alert_finding& each : those) {
        crowded_.insert(each.rule);
        if (put_off_.size() >= options_.max_findings)
            ++lost_;
        else
            put_off_.insert_or_assign(key_of(each), std::move(each));
    }
}

/// Of rules of which nothing waits any more.
void watcher::end_common_alerts() {
    std::erase_if(crowded_, [this](rule_id rule) {
        const auto first = put_off_.lower_bound(prefix_of(rule));
        if (first != put_off_.end() && first->second.rule == rule)
            return false;
        find({.rule = rule, .subject = std::string{further_alerts}, .over = true, .at = with_.time.now()});
        return true;
    });
}

} // namespace breakwater::alerts

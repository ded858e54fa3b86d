#include "alerts/watcher.hpp"

#include "alerts/findings.hpp"
#include "base/log.hpp"
#include "base/thread.hpp"

#include <algorithm>
#include <utility>

namespace breakwater::alerts {

namespace {

/// Of findings that go into the store in one unit of work.
constexpr std::size_t findings_at_once = 200;
constexpr std::chrono::seconds longest_wait{1};

} // namespace

watcher::watcher(parts with, const watcher_options& chosen) : with_{std::move(with)}, options_{chosen} {}

watcher::~watcher() {
    stop();
}

result<void> watcher::start(std::span<const alert> live) {
    auto rules = with_.load_rules();
    if (!rules)
        return pass(std::move(rules));
    pending_.rules_changed = false;
    fields_.replace(*rules);
    silence_.replace(*rules);
    incidents_.replace(*rules);
    wants_readings_ = !fields_.empty() || !silence_.empty();
    wants_incidents_ = !incidents_.empty();
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
    });
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
    if (thread_.joinable())
        thread_.join();
}

void watcher::rules_changed() {
    {
        const std::lock_guard lock{mutex_};
        pending_.rules_changed = true;
    }
    happened_.notify_one();
}

void watcher::stored(std::span<const reading> arrived) {
    if (!wants_readings_)
        return;
    bool wake = false;
    {
        const std::lock_guard lock{mutex_};
        wake = pending_.empty();
        for (const reading& each : arrived) {
            if (pending_.readings.size() >= options_.max_readings || pending_.bytes >= options_.max_bytes) {
                ++left_out_;
                continue;
            }
            pending_.bytes += each.payload.size();
            pending_.readings.push_back(each);
        }
    }
    if (wake)
        happened_.notify_one();
}

void watcher::denied(const security_event& event) {
    note_incident(event);
}

void watcher::recorded(const security_event& event) {
    // The first use of a replayed token isn't denied but found out, within its own transaction.
    if (event.type == event_type::refresh_reuse && event.actor == actor_type::user)
        note_incident(event);
}

void watcher::note_incident(const security_event& event) {
    if (!wants_incidents_)
        return;
    auto what = incident_of(event);
    if (!what)
        return;
    std::string key{static_cast<char>('0' + std::to_underlying(what->kind))};
    key += what->device ? what->device->to_string() : what->subject;
    bool wake = false;
    {
        const std::lock_guard lock{mutex_};
        wake = pending_.empty();
        const auto found = pending_.incidents.find(key);
        if (found != pending_.incidents.end())
            ++found->second.count;
        else if (pending_.incidents.size() < options_.max_incidents)
            pending_.incidents.emplace(std::move(key), noted_incident{std::move(*what), 1});
        else
            ++left_out_;
    }
    if (wake)
        happened_.notify_one();
}

void watcher::changed(const device& what, events::device_change) {
    const std::lock_guard lock{mutex_};
    (what.status == device_status::active ? pending_.awaited : pending_.blocked).push_back(what.id);
}

void watcher::removed(const device_id& gone, user_id) {
    const std::lock_guard lock{mutex_};
    pending_.gone.push_back(gone);
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
    {
        const std::lock_guard lock{mutex_};
        std::swap(taken, pending_);
    }
    if (taken.rules_changed || stale_)
        learn_rules();
    look_at(taken);
    look_for_silence();
    hand_over();
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
    wants_readings_ = !fields_.empty() || !silence_.empty();
    wants_incidents_ = !incidents_.empty();
}

void watcher::look_at(const notes& what) {
    const steady_point steady = with_.time.steady_now();
    const timestamp now = with_.time.now();
    const auto tell_silence = [&](const silence_turn& turn) { find(finding_of(turn, now)); };
    const auto tell_incident = [&](const incident_turn& turn) { find(finding_of(turn, now)); };
    for (const device_id& each : what.awaited)
        silence_.expect(each, steady);
    for (const reading& each : what.readings)
        look_at(each);
    for (const device_id& each : what.blocked)
        silence_.forget(each, tell_silence);
    for (const auto& [key, each] : what.incidents) {
        std::optional<category> kind;
        if (each.what.device)
            if (const auto known = with_.devices.find(*each.what.device))
                kind = known->category;
        incidents_.take(each.what, each.count, kind, steady, tell_incident);
    }
    incidents_.tick(steady, tell_incident);
    for (const device_id& each : what.gone) { // its alerts went with it
        silence_.forget(each, [](const silence_turn&) {});
        fields_.forget(each);
    }
}

void watcher::look_at(const reading& what) {
    const auto known = with_.devices.find(what.device_id);
    if (!known)
        return;
    watched_.fetch_add(1, std::memory_order_relaxed);
    const timestamp now = with_.time.now();
    silence_.heard(what.device_id, with_.time.steady_now(),
                   [&](const silence_turn& turn) { find(finding_of(turn, now)); });
    fields_.take(what, known->category, [&](const field_turn& turn) { find(finding_of(turn, now)); });
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
    found_.push_back(std::move(found));
}

void watcher::hand_over() {
    std::size_t done = 0;
    while (done < found_.size()) {
        const std::size_t count = std::min(findings_at_once, found_.size() - done);
        if (const auto taken = with_.take(std::span{found_}.subspan(done, count)); !taken) {
            log::write(log::level::warning, "alerts could not be stored; it is tried again soon",
                       {{"detail", taken.error().detail}});
            break;
        }
        done += count;
    }
    found_.erase(found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(done));
    if (found_.size() > options_.max_findings) {
        const std::size_t too_many = found_.size() - options_.max_findings;
        found_.erase(found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(too_many));
        lost_ += too_many;
    }
}

} // namespace breakwater::alerts

#include "alerts/watcher.hpp"

#include "alerts/findings.hpp"
#include "base/log.hpp"
#include "base/overloaded.hpp"
#include "base/thread.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace breakwater::alerts {

namespace {

/// Of findings that go into the store in one unit of work.
constexpr std::size_t findings_at_once = 200;
/// Of those that were put off, in one step.
constexpr std::size_t offered_at_once = 20;
constexpr std::chrono::seconds longest_wait{1};
/// Devices whose last readings are read in one step, and how many readings of each.
constexpr std::size_t recalled_at_once = 20;
constexpr std::size_t most_recalled = 500;

std::string prefix_of(rule_id rule) {
    return fmt::format("{:020}|", rule);
}

/// In the order of the rules.
std::string key_of(const alert_finding& of) {
    return prefix_of(of.rule) + (of.late_until ? "late|" : "") + (of.device ? of.device->to_string() : "-") +
           '|' + of.subject;
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
    const moment now = read(with_.time);
    for (const alert& each : live) {
        if (!each.rule || !each.device)
            continue;
        if (each.kind == alert_kind::field)
            fields_.restore(*each.rule, *each.device, now.steady_of(each.last_raised_at));
        else if (each.kind == alert_kind::silence)
            silence_.restore(*each.rule, *each.device);
    }
    next_look_ = now.steady;
    with_.devices.for_each([&](const device_id& id, const storage::device_state& is) {
        if (is.status == device_status::blocked) {
            blocked_.insert(id);
        } else {
            to_recall_.insert(id);
            if (is.real)
                silence_.expect(id, now.steady);
        }
        if (is.simulated)
            simulated_.insert(id);
    });
    for (const alert& each : live) // it may have been moved while nobody watched
        if (each.device)
            if (const auto known = with_.devices.find(*each.device))
                look_at_changed({*each.device, known->category, known->status}, now);
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
        add(pending_, read(with_.time));
    }
    if (wake)
        happened_.notify_one();
}

void watcher::rules_changed() {
    note([this](notes& to, const moment&) {
        to.rules_changed = true;
        // What comes from now on is for the new rules, whether there were any before or not.
        wants_readings_ = true;
        wants_incidents_ = true;
    });
}

void watcher::stored(std::span<const reading> arrived) {
    if (!wants_readings_)
        return;
    note([&](notes& to, const moment& at) {
        for (const reading& each : arrived) {
            if (!each.simulated) // what is made up keeps nobody alive
                to.heard.insert(each.device_id);
            if (to.readings >= options_.max_readings || to.bytes >= options_.max_bytes) {
                ++left_out_;
                continue;
            }
            ++to.readings;
            to.bytes += each.payload.size();
            to.in_order.emplace_back(at, each);
        }
    });
}

void watcher::batch_stored(const events::stored_batch& arrived) {
    if (!wants_readings_)
        return;
    note([&](notes& to, const moment& at) {
        to.heard.insert(arrived.late.device);
        note_batch(to, at, arrived.readings);
    });
}

namespace {

std::size_t bytes_of(std::span<const reading> readings) {
    std::size_t out = 0;
    for (const reading& each : readings)
        out += each.payload.size();
    return out;
}

} // namespace

/// Who sends much gives way to himself first, and the more so the less room there is: the newest values are
/// what alerts are about.
void watcher::note_batch(notes& to, const moment& at, const batch& arrived) {
    constexpr std::size_t part_where_room_is_scarce = 8;
    const std::size_t count = arrived->size();
    const std::size_t bytes = bytes_of(*arrived);
    const bool scarce =
        to.batched >= options_.max_batched / 2 || to.batched_bytes >= options_.max_batched_bytes / 2;
    const std::size_t part = scarce ? part_where_room_is_scarce : 1;
    share& its = to.shares[arrived->front().device_id];
    while (!its.places.empty() && (its.readings + count > options_.max_batched_of_one / part ||
                                   its.bytes + bytes > options_.max_batched_bytes_of_one / part))
        leave_out_oldest(to, its);
    if (to.batched + count > options_.max_batched || to.batched_bytes + bytes > options_.max_batched_bytes) {
        left_out_ += count;
        return;
    }
    to.batched += count;
    to.batched_bytes += bytes;
    its.readings += count;
    its.bytes += bytes;
    its.places.push_back(to.in_order.size());
    to.in_order.emplace_back(at, arrived);
}

void watcher::leave_out_oldest(notes& from, share& of) {
    const batch gone = std::move(std::get<batch>(from.in_order[of.places.front()].second));
    of.places.pop_front();
    const std::size_t bytes = bytes_of(*gone);
    of.readings -= gone->size();
    of.bytes -= bytes;
    from.batched -= gone->size();
    from.batched_bytes -= bytes;
    left_out_ += gone->size();
}

void watcher::changed(const device& what, events::device_change) {
    note([&](notes& to, const moment& at) {
        to.in_order.emplace_back(at, changed_device{what.id, what.category, what.status});
    });
}

void watcher::removed(const device_id& gone, user_id) {
    note([&](notes& to, const moment& at) { to.in_order.emplace_back(at, removed_device{gone}); });
}

void watcher::alerted(const alert& what, alert_change how) {
    if (how == alert_change::resolved && !what.resolved_by.empty())
        note([&](notes& to, const moment& at) {
            to.in_order.emplace_back(at, settled_alert{what.rule, what.kind, what.device, what.subject});
        });
}

void watcher::denied(const security_event& event) {
    // The use of a replayed token isn't denied but found out, within a transaction of its own.
    if (event.type != event_type::refresh_reuse)
        note_incident(event);
}

void watcher::recorded(const security_event& event) {
    if (event.type == event_type::refresh_reuse)
        note_incident(event);
    note_pardon(event);
}

watcher::noted_incident* watcher::place_of(const incident& what) {
    std::string key{static_cast<char>('0' + std::to_underlying(what.kind))};
    key += what.device ? what.device->to_string() : what.subject;
    const auto found = pending_incidents_.find(key);
    if (found != pending_incidents_.end())
        return &found->second;
    if (pending_incidents_.size() >= options_.max_incidents)
        return nullptr;
    return &pending_incidents_.emplace(std::move(key), noted_incident{.what = what, .of = {}, .pardoned = {}})
                .first->second;
}

/// It is looked at within a second: nobody is woken for it.
void watcher::note_incident(const security_event& event) {
    if (!wants_incidents_)
        return;
    for (const found_incident& each : incidents_of(event)) {
        const std::lock_guard lock{incidents_mutex_};
        noted_incident* const to = place_of(each.is);
        if (to == nullptr) {
            ++left_out_;
            continue;
        }
        ++to->count;
        if (!each.of)
            continue;
        std::erase(to->pardoned, *each.of);
        if (to->of.size() < options_.max_things && std::ranges::find(to->of, *each.of) == to->of.end())
            to->of.push_back(*each.of);
    }
}

void watcher::note_pardon(const security_event& event) {
    const auto pardoned = wants_incidents_ ? pardoned_by(event) : std::nullopt;
    if (!pardoned)
        return;
    const std::lock_guard lock{incidents_mutex_};
    noted_incident* const to = place_of(pardoned->is);
    if (to == nullptr)
        return;
    std::erase(to->of, *pardoned->of);
    if (to->pardoned.size() < options_.max_things)
        to->pardoned.push_back(*pardoned->of);
}

void watcher::loop() {
    for (;;) {
        {
            std::unique_lock lock{mutex_};
            const auto wait = to_recall_.empty() ? longest_wait : std::chrono::seconds{0};
            happened_.wait_for(lock, wait, [this] { return stopping_ || !pending_.empty(); });
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
    moment now{};
    {
        const std::lock_guard lock{mutex_};
        std::swap(taken, pending_);
        now = read(with_.time); // not before what was taken, nor after what is noted from here on
    }
    {
        const std::lock_guard lock{incidents_mutex_};
        std::swap(incidents, pending_incidents_);
    }
    if (taken.rules_changed || stale_)
        learn_rules();
    if (stale_) // what came since then is for rules that aren't known yet
        put_back(std::move(taken));
    else
        look_at(taken, now);
    look_at(incidents, now);
    recall_some(now);
    fields_.pass(now, [this](const field_turn& turn) { find(finding_of(turn)); });
    look_for_silence(now);
    offer_put_off();
    hand_over();
    end_common_alerts();
}

void watcher::put_back(notes later) {
    const std::lock_guard lock{mutex_};
    std::swap(later, pending_);
    // `later` is what came meanwhile.
    for (noted& each : later.in_order) {
        if (const auto* arrived = std::get_if<batch>(&each.second)) {
            if (*arrived)
                note_batch(pending_, each.first, *arrived);
            continue;
        }
        if (const auto* one = std::get_if<reading>(&each.second)) {
            if (pending_.readings >= options_.max_readings || pending_.bytes >= options_.max_bytes) {
                ++left_out_;
                continue;
            }
            ++pending_.readings;
            pending_.bytes += one->payload.size();
        }
        pending_.in_order.push_back(std::move(each));
    }
    pending_.heard.merge(later.heard);
    pending_.rules_changed = false; // it is tried again by itself, and nobody needs to be woken for it
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
    if (wants && !std::exchange(listened_, wants))
        silence_.begin_anew(with_.time.steady_now());
    listened_ = wants;
    const std::lock_guard lock{mutex_};
    if (pending_.rules_changed)
        return; // they are others again by now
    wants_readings_ = wants;
    wants_incidents_ = !incidents_.empty();
}

void watcher::look_at(const notes& what, const moment& now) {
    for (const device_id& each : what.heard)
        look_at_heard(each, now);
    for (const noted& each : what.in_order) {
        const moment& at = each.first;
        std::visit(overloaded{[&](const reading& one) { look_at_upload({&one, 1}, at); },
                              [&](const batch& several) {
                                  if (several)
                                      look_at_upload(*several, at);
                              },
                              [&](const changed_device& device) { look_at_changed(device, at); },
                              [&](const settled_alert& settled) { look_at_settled(settled, at); },
                              [&](const removed_device& gone) { // its alerts went with it
                                  silence_.forget(gone.id, [](const silence_turn&) {});
                                  fields_.forget(gone.id);
                                  blocked_.erase(gone.id);
                                  simulated_.erase(gone.id);
                              }},
                   each.second);
    }
}

void watcher::recall_some(const moment& now) {
    for (std::size_t left = recalled_at_once; left > 0 && !to_recall_.empty(); --left) {
        const device_id next = *to_recall_.begin();
        recall(next, std::numeric_limits<reading_id>::max(), now);
    }
}

void watcher::recall(const device_id& device, reading_id first, const moment& now) {
    if (to_recall_.erase(device) == 0 || fields_.empty() || !with_.recent)
        return;
    const auto known = with_.devices.find(device);
    if (!known)
        return;
    const std::chrono::seconds hold = fields_.longest_hold();
    const std::chrono::seconds back = std::max<std::chrono::seconds>(hold, field_rules::present_window);
    auto recent = with_.recent(device, now.wall - back, hold > std::chrono::seconds{0} ? most_recalled : 1);
    if (!recent) {
        log::write(log::level::warning,
                   "what a device said before the start could not be read for alert rules",
                   {{"device", device.to_string()}, {"detail", recent.error().detail}});
        return;
    }
    std::erase_if(*recent, [&](const reading& each) {
        return each.id >= first || (each.simulated && !known->simulated);
    });
    std::ranges::reverse(*recent);
    fields_.recall(*recent, known->category, now);
}

void watcher::look_at_heard(const device_id& device, const moment& now) {
    const auto known = with_.devices.find(device);
    if (known && known->status == device_status::active)
        silence_.heard(device, now.steady,
                       [&](const silence_turn& turn) { find(finding_of(turn, now.wall)); });
}

void watcher::look_at_upload(std::span<const reading> upload, const moment& at) {
    const auto known = with_.devices.find(upload.front().device_id);
    // What was made up of a device that exists by now says nothing of it.
    if (!known || (upload.front().simulated && !known->simulated))
        return;
    if (upload.front().simulated)
        simulated_.insert(upload.front().device_id);
    watched_.fetch_add(upload.size(), std::memory_order_relaxed);
    if (!to_recall_.empty())
        recall(upload.front().device_id, std::ranges::min(upload, {}, &reading::id).id, at);
    fields_.take(upload, known->category, at, [this](const field_turn& turn) { find(finding_of(turn)); });
}

void watcher::look_at_changed(const changed_device& device, const moment& now) {
    const auto known = with_.devices.find(device.id);
    if (!known)
        return; // it is gone by now, and that is told next
    const auto tell_silence = [&](const silence_turn& turn) { find(finding_of(turn, now.wall)); };
    fields_.recheck(device.id, device.kind, now.wall,
                    [this](const field_turn& turn) { find(finding_of(turn)); });
    silence_.recheck(device.id, device.kind, tell_silence);
    if (device.status == device_status::blocked) {
        blocked_.insert(device.id);
        silence_.forget(device.id, tell_silence);
        return;
    }
    // Whoever is let in again is watched as if for the first time: a rule that blocked it may do so again.
    if (blocked_.erase(device.id) != 0)
        fields_.renew(device.id);
    if (!known->simulated && simulated_.erase(device.id) != 0)
        fields_.forget(device.id); // its alerts ended with the change
    if (known->real)               // who was never heard isn't silent
        silence_.expect(device.id, now.steady);
}

void watcher::look_at_settled(const settled_alert& what, const moment& now) {
    if (!what.rule)
        return;
    if (what.kind == alert_kind::security) {
        incidents_.settle(*what.rule, {.subject = what.subject, .device = what.device});
        return;
    }
    if (!what.device)
        return;
    fields_.settle(*what.rule, *what.device);
    silence_.settle(*what.rule, *what.device, now.steady);
}

void watcher::look_at(const incidents_by_key& what, const moment& now) {
    const auto tell = [&](const incident_turn& turn) { find(finding_of(turn, now.wall)); };
    for (const auto& [key, each] : what) {
        for (const affected_thing& which : each.pardoned)
            incidents_.pardon(each.what, which);
        if (each.count == 0)
            continue;
        std::optional<category> kind;
        if (each.what.device)
            if (const auto known = with_.devices.find(*each.what.device))
                kind = known->category;
        if (!incidents_.take(each.what, each.count, each.of, kind, now.steady, tell))
            left_out_ += static_cast<std::uint64_t>(each.count);
    }
    incidents_.tick(now.steady, tell);
}

void watcher::look_for_silence(const moment& now) {
    if (now.steady < next_look_)
        return;
    next_look_ = now.steady + options_.look_interval;
    silence_.look(
        now.steady,
        [this](const device_id& id) -> std::optional<silence_rules::rhythm> {
            const auto known = with_.devices.find(id);
            if (!known)
                return std::nullopt;
            return silence_rules::rhythm{known->category,
                                         with_.policies.expected_interval(id, known->category)};
        },
        [&](const silence_turn& turn) { find(finding_of(turn, now.wall)); });
}

void watcher::find(alert_finding found) {
    // What waits for its turn and is over meanwhile was never told.
    if (found.over && put_off_.erase(key_of(found)) != 0)
        return;
    found.simulated = found.device && simulated_.contains(*found.device);
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

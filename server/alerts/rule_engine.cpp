#include "alerts/rule_engine.hpp"

#include "alerts/rule_evaluations.hpp"
#include "base/log.hpp"
#include "base/overloaded.hpp"
#include "base/thread.hpp"
#include "storage/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace breakwater::alerts {

namespace {

/// Evaluations that are stored in one transaction.
constexpr std::size_t evaluations_at_once = 200;
/// Deferred evaluations that are retried in one step.
constexpr std::size_t retried_at_once = 20;
constexpr std::chrono::seconds longest_wait{1};
/// Devices whose recent readings are replayed in one step, and readings of each.
constexpr std::size_t replayed_at_once = 20;
constexpr std::size_t max_replayed = 500;

std::string prefix_of(rule_id rule) {
    return fmt::format("{:020}|", rule);
}

/// Sorts by rule.
std::string key_of(const rule_evaluation& evaluation) {
    return prefix_of(evaluation.rule) + (evaluation.late_until ? "late|" : "") +
           (evaluation.device ? evaluation.device->to_string() : "-") + '|' + evaluation.subject;
}

} // namespace

rule_engine::rule_engine(dependencies deps, const rule_engine_options& options)
    : deps_{std::move(deps)}, options_{options} {}

rule_engine::~rule_engine() {
    stop();
}

result<void> rule_engine::start(std::span<const alert> live) {
    reload_rules();
    if (rules_stale_)
        return fail(errc::storage_unavailable, "The alert rules could not be loaded.");
    const moment now = read(deps_.time);
    next_silence_check_ = now.steady;
    deps_.devices.for_each([&](const device_id& id, const registry::device_state& state) {
        if (deps_.ownership.owns(id))
            watch(id, state, now);
    });
    restore(live, now);
    if (options_.has_own_thread)
        thread_ = start_thread("alerts", [this] { loop(); }, thread_priority::background);
    return {};
}

void rule_engine::watch(const device_id& device, const registry::device_state& state, const moment& now) {
    if (state.status == device_status::blocked) {
        blocked_.insert(device);
    } else {
        to_replay_.insert(device);
        if (state.real)
            silence_.expect(device, now.steady);
    }
    if (state.simulated)
        simulated_.insert(device);
}

void rule_engine::restore(std::span<const alert> live, const moment& now) {
    const auto is_watched = [this](const alert& entry) {
        return entry.device && deps_.ownership.owns(*entry.device);
    };
    for (const alert& entry : live) {
        if (!entry.rule || !is_watched(entry))
            continue;
        if (entry.kind == alert_kind::field)
            fields_.restore(*entry.rule, *entry.device, now.steady_of(entry.last_raised_at));
        else if (entry.kind == alert_kind::silence)
            silence_.restore(*entry.rule, *entry.device);
    }
    for (const alert& entry : live) // the device may have changed while nobody watched it
        if (is_watched(entry))
            if (const auto device = deps_.devices.find(*entry.device))
                process_changed_device({*entry.device, device->category, device->status}, now);
}

void rule_engine::stop() {
    {
        const lock_guard lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_one();
    if (!thread_.joinable())
        return;
    thread_.join();
    step();
}

template <class Add>
void rule_engine::enqueue(Add add) {
    bool wake = false;
    {
        const lock_guard lock{mutex_};
        wake = pending_.empty();
        add(pending_, read(deps_.time));
    }
    if (wake)
        wake_.notify_one();
}

void rule_engine::readings_stored(const events::committed_readings& group) {
    if (!wants_readings_)
        return;
    enqueue([&](event_queue& queue, const moment& at) {
        queue_uploads(queue, at, {.group = group, .first = 0, .count = group->upload_count()});
    });
}

namespace {

std::size_t bytes_of(std::span<const reading> readings) {
    std::size_t out = 0;
    for (const reading& item : readings)
        out += item.payload.size();
    return out;
}

} // namespace

void rule_engine::queue_uploads(event_queue& queue, const moment& at, const queued_uploads& uploads) {
    for (std::size_t i = uploads.first; i < uploads.first + uploads.count; ++i) {
        const queued_uploads upload{.group = uploads.group, .first = i, .count = 1};
        if (uploads.group->upload(i).size() == 1)
            queue_single(queue, at, upload);
        else
            queue_batch(queue, at, upload);
    }
}

void rule_engine::queue_single(event_queue& queue, const moment& at, const queued_uploads& upload) {
    const reading& item = upload.batch().front();
    if (!events::readings_committed::is_new(item))
        return;
    if (queue.readings >= options_.max_readings || queue.bytes >= options_.max_bytes) {
        ++left_out_;
        if (!item.simulated)
            queue.left_out_devices.insert(item.device_id);
        return;
    }
    ++queue.readings;
    queue.bytes += item.payload.size();
    // Extends the last entry, if this reading follows it.
    if (!queue.in_order.empty())
        if (auto* last = std::get_if<queued_uploads>(&queue.in_order.back().second);
            last != nullptr && last->group == upload.group && last->first + last->count == upload.first &&
            upload.group->upload(last->first).size() == 1) {
            ++last->count;
            return;
        }
    queue.in_order.emplace_back(at, upload);
}

/// A device that sends much loses its own oldest batches first, the more so the less room there is: alerts
/// are about the newest values.
void rule_engine::queue_batch(event_queue& queue, const moment& at, const queued_uploads& upload) {
    constexpr std::size_t scarce_divisor = 8;
    const auto readings = upload.batch();
    if (std::ranges::none_of(readings, events::readings_committed::is_new))
        return;
    const std::size_t count = readings.size();
    const std::size_t bytes = bytes_of(readings);
    const device_id& device = readings.front().device_id;
    const bool is_scarce =
        queue.batched >= options_.max_batched / 2 || queue.batched_bytes >= options_.max_batched_bytes / 2;
    const std::size_t divisor = is_scarce ? scarce_divisor : 1;
    device_backlog& backlog = queue.shares[device];
    while (!backlog.positions.empty() &&
           (backlog.readings + count > options_.max_batched_per_device / divisor ||
            backlog.bytes + bytes > options_.max_batched_bytes_per_device / divisor))
        drop_oldest_batch(queue, backlog);
    if (queue.batched + count > options_.max_batched ||
        queue.batched_bytes + bytes > options_.max_batched_bytes) {
        left_out_ += count;
        queue.left_out_devices.insert(device);
        return;
    }
    queue.batched += count;
    queue.batched_bytes += bytes;
    backlog.readings += count;
    backlog.bytes += bytes;
    backlog.positions.push_back(queue.in_order.size());
    queue.in_order.emplace_back(at, upload);
}

void rule_engine::drop_oldest_batch(event_queue& queue, device_backlog& backlog) {
    auto& entry = std::get<queued_uploads>(queue.in_order[backlog.positions.front()].second);
    const queued_uploads dropped = std::exchange(entry, {});
    backlog.positions.pop_front();
    const auto readings = dropped.batch();
    const std::size_t bytes = bytes_of(readings);
    backlog.readings -= readings.size();
    backlog.bytes -= bytes;
    queue.batched -= readings.size();
    queue.batched_bytes -= bytes;
    left_out_ += readings.size();
    queue.left_out_devices.insert(readings.front().device_id);
}

void rule_engine::follow(const change& committed) {
    std::visit(overloaded{[this](const device_saved& item) { queue_device(item.state); },
                          [this](const policy_saved& item) {
                              for (const device& affected : item.affected)
                                  queue_device(affected);
                          },
                          [this](const device_removed& item) {
                              enqueue([&](event_queue& queue, const moment& at) {
                                  queue.in_order.emplace_back(at, item);
                              });
                          },
                          [this](const alert_saved& item) { queue_resolution(item); },
                          [this](const rule_changed&) {
                              enqueue([this](event_queue& queue, const moment&) {
                                  queue.rules_changed = true;
                                  // Events from now on are for the new rules, even when there were no rules
                                  // before.
                                  wants_readings_ = true;
                                  wants_incidents_ = true;
                              });
                          },
                          [](const auto&) {}},
               committed);
}

result<void> rule_engine::take_over(storage::transaction& tx, std::span<const device_id> devices) {
    tx.after_commit([this, gained = gained_devices(devices.begin(), devices.end())]() mutable {
        enqueue([&](event_queue& queue, const moment& at) {
            queue.in_order.emplace_back(at, std::move(gained));
        });
    });
    return {};
}

void rule_engine::finish(std::span<const device_id> devices, std::move_only_function<void()> done) {
    enqueue([&](event_queue& queue, const moment& at) {
        queue.in_order.emplace_back(
            at, std::make_shared<departure>(departure{{devices.begin(), devices.end()}, std::move(done)}));
    });
}

void rule_engine::queue_device(const device& changed) {
    enqueue([&](event_queue& queue, const moment& at) {
        queue.in_order.emplace_back(at, changed_device{changed.id, changed.category, changed.status});
    });
}

void rule_engine::queue_resolution(const alert_saved& item) {
    if (item.kind != alert_change::resolved || item.state.resolved_by.empty())
        return;
    enqueue([&](event_queue& queue, const moment& at) {
        const alert& state = item.state;
        queue.in_order.emplace_back(at, resolved_alert{state.rule, state.kind, state.device, state.subject});
    });
}

void rule_engine::access_denied(const security_event& event) {
    // A replayed refresh token is recorded in a transaction and arrives through `event_recorded`.
    if (event.type != event_type::refresh_reuse)
        queue_incident(event);
}

void rule_engine::event_recorded(const security_event& event) {
    if (event.type == event_type::refresh_reuse)
        queue_incident(event);
    queue_pardon(event);
}

rule_engine::pending_incident* rule_engine::pending_incident_of(const incident_key& incident) {
    std::string key{static_cast<char>('0' + std::to_underlying(incident.kind))};
    key += incident.device ? incident.device->to_string() : incident.subject;
    const auto position = pending_incidents_.find(key);
    if (position != pending_incidents_.end())
        return &position->second;
    if (pending_incidents_.size() >= options_.max_incidents)
        return nullptr;
    return &pending_incidents_
                .emplace(std::move(key), pending_incident{.key = incident, .targets = {}, .pardoned = {}})
                .first->second;
}

/// Does not wake the thread: it processes incidents within a second.
void rule_engine::queue_incident(const security_event& event) {
    if (!wants_incidents_)
        return;
    for (const detected_incident& detected : incidents_of(event)) {
        const lock_guard lock{incidents_mutex_};
        pending_incident* const pending = pending_incident_of(detected.key);
        if (pending == nullptr) {
            ++left_out_;
            continue;
        }
        ++pending->count;
        if (!detected.target)
            continue;
        std::erase(pending->pardoned, *detected.target);
        if (pending->targets.size() < options_.max_targets &&
            std::ranges::find(pending->targets, *detected.target) == pending->targets.end())
            pending->targets.push_back(*detected.target);
    }
}

void rule_engine::queue_pardon(const security_event& event) {
    const auto pardoned = wants_incidents_ ? pardoned_by(event) : std::nullopt;
    if (!pardoned)
        return;
    const lock_guard lock{incidents_mutex_};
    pending_incident* const pending = pending_incident_of(pardoned->key);
    if (pending == nullptr)
        return;
    std::erase(pending->targets, *pardoned->target);
    if (pending->pardoned.size() < options_.max_targets)
        pending->pardoned.push_back(*pardoned->target);
}

void rule_engine::loop() {
    for (;;) {
        {
            unique_lock lock{mutex_};
            const auto wait = to_replay_.empty() ? longest_wait : std::chrono::seconds{0};
            wake_.wait_for(lock, wait, [this]() REQUIRES(mutex_) { return stopping_ || !pending_.empty(); });
            if (!stopping_)
                wake_.wait_for(lock, options_.collection_delay,
                               [this]() REQUIRES(mutex_) { return stopping_; });
            if (stopping_)
                return;
        }
        step();
    }
}

void rule_engine::step() {
    event_queue queue;
    incidents_by_key incidents;
    moment now{};
    {
        const lock_guard lock{mutex_};
        std::swap(queue, pending_);
        now = read(deps_.time); // not before the swapped events, and not after later ones
    }
    {
        const lock_guard lock{incidents_mutex_};
        std::swap(incidents, pending_incidents_);
    }
    if (queue.rules_changed || rules_stale_)
        reload_rules();
    if (rules_stale_) // the events since then are for rules that are not loaded yet
        requeue(std::move(queue));
    else
        process_events(queue, now);
    process_incidents(incidents, now);
    replay_some(now);
    fields_.advance(
        now, [this](const field_transition& transition) { add_evaluation(evaluation_of(transition)); });
    check_silence(now);
    retry_deferred();
    submit_evaluations();
    complete_departures();
    clear_further_alerts();
}

void rule_engine::requeue(event_queue queue) {
    const lock_guard lock{mutex_};
    std::swap(queue, pending_);
    // After the swap `queue` has the events that arrived meanwhile.
    for (timed_event& event : queue.in_order) {
        if (const auto* uploads = std::get_if<queued_uploads>(&event.second)) {
            if (uploads->group)
                queue_uploads(pending_, event.first, *uploads);
            continue;
        }
        pending_.in_order.push_back(std::move(event));
    }
    pending_.left_out_devices.merge(queue.left_out_devices);
    pending_.rules_changed = false; // each step retries, so that no wake-up is needed
}

void rule_engine::reload_rules() {
    auto rules = deps_.load_rules();
    rules_stale_ = !rules;
    if (rules_stale_) {
        log::write(log::level::warning, "loading the alert rules failed; retrying soon",
                   {{"detail", rules.error().detail}});
        return;
    }
    fields_.replace(*rules);
    silence_.replace(*rules);
    incidents_.replace(*rules);
    const bool has_reading_rules = !fields_.empty() || !silence_.empty();
    if (has_reading_rules && !std::exchange(had_reading_rules_, has_reading_rules))
        silence_.restart_timers(deps_.time.steady_now());
    had_reading_rules_ = has_reading_rules;
    const lock_guard lock{mutex_};
    if (pending_.rules_changed)
        return; // the rules have changed again
    wants_readings_ = has_reading_rules;
    wants_incidents_ = !incidents_.empty();
}

void rule_engine::process_events(const event_queue& queue, const moment& now) {
    std::unordered_set<device_id> sending_devices = queue.left_out_devices;
    for (const timed_event& event : queue.in_order)
        if (const auto* uploads = std::get_if<queued_uploads>(&event.second); uploads && uploads->group)
            for (std::size_t i = 0; i < uploads->count; ++i) {
                const reading& item = uploads->group->upload(uploads->first + i).front();
                if (!item.simulated) // simulated readings do not end a silence
                    sending_devices.insert(item.device_id);
            }
    for (const device_id& device : sending_devices)
        process_sending_device(device, now);
    for (const timed_event& event : queue.in_order) {
        const moment& at = event.first;
        std::visit(overloaded{[&](const queued_uploads& uploads) {
                                  for (std::size_t i = 0; uploads.group && i < uploads.count; ++i)
                                      process_upload(uploads.group->upload(uploads.first + i), at);
                              },
                              [&](const changed_device& device) { process_changed_device(device, at); },
                              [&](const resolved_alert& resolved) { process_resolved_alert(resolved, at); },
                              // Its alerts were deleted with it.
                              [&](const device_removed& removed) { forget(removed.id); },
                              [&](const gained_devices& gained) { process_gained_devices(gained, at); },
                              [&](const std::shared_ptr<departure>& left) { departures_.push_back(left); }},
                   event.second);
    }
}

void rule_engine::forget(const device_id& device) {
    silence_.forget(device, [](const silence_transition&) {});
    fields_.forget(device);
    blocked_.erase(device);
    simulated_.erase(device);
    to_replay_.erase(device);
}

void rule_engine::process_gained_devices(const gained_devices& devices, const moment& now) {
    for (const device_id& device : devices) {
        forget(device);
        if (const auto state = deps_.devices.find(device))
            watch(device, *state, now);
    }
    const auto live = deps_.load_alerts(devices);
    if (live)
        restore(*live, now);
    else // an alert that is raised again is stored as a repetition
        log::write(log::level::warning, "loading the alerts of devices from another server failed",
                   {{"detail", live.error().detail}});
}

/// The devices leave when everything about them is stored. The next owner evaluates again what is deferred.
void rule_engine::complete_departures() {
    if (departures_.empty() || !evaluations_.empty())
        return;
    for (const auto& left : std::exchange(departures_, {})) {
        for (const device_id& device : left->devices)
            forget(device);
        std::erase_if(deferred_, [&](const auto& entry) {
            return entry.second.device &&
                   std::ranges::find(left->devices, *entry.second.device) != left->devices.end();
        });
        left->done();
    }
}

void rule_engine::replay_some(const moment& now) {
    for (std::size_t remaining = replayed_at_once; remaining > 0 && !to_replay_.empty(); --remaining) {
        const device_id next = *to_replay_.begin();
        replay(next, std::numeric_limits<reading_id>::max(), now);
    }
}

void rule_engine::replay(const device_id& device, reading_id first, const moment& now) {
    if (to_replay_.erase(device) == 0 || fields_.empty() || !deps_.load_recent)
        return;
    const auto state = deps_.devices.find(device);
    if (!state)
        return;
    const std::chrono::seconds hold = fields_.longest_hold();
    const std::chrono::seconds window = std::max<std::chrono::seconds>(hold, field_rules::present_window);
    auto readings =
        deps_.load_recent(device, now.wall - window, hold > std::chrono::seconds{0} ? max_replayed : 1);
    if (!readings) {
        log::write(log::level::warning, "reading a device's recent readings for the alert rules failed",
                   {{"device", device.to_string()}, {"detail", readings.error().detail}});
        return;
    }
    std::erase_if(*readings, [&](const reading& item) {
        return item.id >= first || (item.simulated && !state->simulated);
    });
    std::ranges::reverse(*readings);
    fields_.replay(*readings, state->category, now);
}

void rule_engine::process_sending_device(const device_id& device, const moment& now) {
    const auto state = deps_.devices.find(device);
    if (state && state->status == device_status::active)
        silence_.record_reading(device, now.steady, [&](const silence_transition& transition) {
            add_evaluation(evaluation_of(transition, now.wall));
        });
}

void rule_engine::process_upload(std::span<const reading> upload, const moment& at) {
    if (!std::ranges::all_of(upload, events::readings_committed::is_new)) {
        std::vector<reading> new_readings;
        std::ranges::copy_if(upload, std::back_inserter(new_readings), events::readings_committed::is_new);
        if (!new_readings.empty())
            process_upload(new_readings, at);
        return;
    }
    const auto state = deps_.devices.find(upload.front().device_id);
    // Simulated readings of a device that is real by now are ignored.
    if (!state || (upload.front().simulated && !state->simulated))
        return;
    if (upload.front().simulated)
        simulated_.insert(upload.front().device_id);
    watched_.fetch_add(upload.size(), std::memory_order_relaxed);
    if (!to_replay_.empty())
        replay(upload.front().device_id, std::ranges::min(upload, {}, &reading::id).id, at);
    fields_.evaluate(upload, state->category, at, [this](const field_transition& transition) {
        add_evaluation(evaluation_of(transition));
    });
}

void rule_engine::process_changed_device(const changed_device& device, const moment& now) {
    const auto state = deps_.devices.find(device.id);
    if (!state || !deps_.ownership.owns(device.id))
        return; // if the device was deleted, that event comes next
    const auto add_silence_evaluation = [&](const silence_transition& transition) {
        add_evaluation(evaluation_of(transition, now.wall));
    };
    fields_.recheck(device.id, device.kind, now.wall, [this](const field_transition& transition) {
        add_evaluation(evaluation_of(transition));
    });
    silence_.recheck(device.id, device.kind, add_silence_evaluation);
    if (device.status == device_status::blocked) {
        blocked_.insert(device.id);
        silence_.forget(device.id, add_silence_evaluation);
        return;
    }
    // A released device is watched from the start: the rule that blocked it may block it again.
    if (blocked_.erase(device.id) != 0)
        fields_.rearm(device.id);
    if (!state->simulated && simulated_.erase(device.id) != 0)
        fields_.forget(device.id); // its alerts were resolved with the change
    if (state->real)               // a device that never sent a reading is not silent
        silence_.expect(device.id, now.steady);
}

void rule_engine::process_resolved_alert(const resolved_alert& alert, const moment& now) {
    if (!alert.rule)
        return;
    if (alert.kind == alert_kind::security) {
        incidents_.resolve(*alert.rule, {.subject = alert.subject, .device = alert.device});
        return;
    }
    if (!alert.device)
        return;
    fields_.resolve(*alert.rule, *alert.device);
    silence_.resolve(*alert.rule, *alert.device, now.steady);
}

void rule_engine::process_incidents(const incidents_by_key& incidents, const moment& now) {
    const auto on_transition = [&](const incident_transition& transition) {
        add_evaluation(evaluation_of(transition, now.wall));
    };
    for (const auto& [key, pending] : incidents) {
        for (const affected_target& target : pending.pardoned)
            incidents_.pardon(pending.key, target);
        if (pending.count == 0)
            continue;
        std::optional<category> kind;
        if (pending.key.device)
            if (const auto state = deps_.devices.find(*pending.key.device))
                kind = state->category;
        if (!incidents_.record(pending.key, pending.count, pending.targets, kind, now.steady, on_transition))
            left_out_ += static_cast<std::uint64_t>(pending.count);
    }
    incidents_.tick(now.steady, on_transition);
}

void rule_engine::check_silence(const moment& now) {
    if (now.steady < next_silence_check_)
        return;
    next_silence_check_ = now.steady + options_.silence_check_interval;
    silence_.check(
        now.steady,
        [this](const device_id& id) -> std::optional<silence_rules::schedule> {
            const auto state = deps_.devices.find(id);
            if (!state)
                return std::nullopt;
            return silence_rules::schedule{state->category,
                                           deps_.policies.expected_interval(id, state->category)};
        },
        [&](const silence_transition& transition) { add_evaluation(evaluation_of(transition, now.wall)); });
}

void rule_engine::add_evaluation(rule_evaluation evaluation) {
    // A deferred evaluation that has cleared was never reported.
    if (evaluation.cleared && deferred_.erase(key_of(evaluation)) != 0)
        return;
    evaluation.simulated = evaluation.device && simulated_.contains(*evaluation.device);
    evaluations_.push_back(std::move(evaluation));
}

void rule_engine::retry_deferred() {
    for (std::size_t remaining = std::min(retried_at_once, deferred_.size()); remaining > 0; --remaining) {
        auto next = deferred_.upper_bound(last_retried_);
        if (next == deferred_.end())
            next = deferred_.begin();
        auto entry = deferred_.extract(next);
        last_retried_ = entry.key();
        entry.mapped().deferred = true;
        evaluations_.push_back(std::move(entry.mapped()));
    }
}

void rule_engine::submit_evaluations() {
    std::size_t done = 0;
    while (done < evaluations_.size()) {
        const std::size_t count = std::min(evaluations_at_once, evaluations_.size() - done);
        auto deferred = deps_.apply(std::span{evaluations_}.subspan(done, count));
        if (!deferred) {
            log::write(log::level::warning, "storing alerts failed; retrying soon",
                       {{"detail", deferred.error().detail}});
            break;
        }
        keep_deferred(std::move(*deferred));
        done += count;
    }
    evaluations_.erase(evaluations_.begin(), evaluations_.begin() + static_cast<std::ptrdiff_t>(done));
    if (evaluations_.size() > options_.max_evaluations) {
        const std::size_t lost_count = evaluations_.size() - options_.max_evaluations;
        evaluations_.erase(evaluations_.begin(),
                           evaluations_.begin() + static_cast<std::ptrdiff_t>(lost_count));
        lost_ += lost_count;
    }
}

void rule_engine::keep_deferred(std::vector<rule_evaluation> evaluations) {
    for (rule_evaluation& evaluation : evaluations) {
        rules_with_deferred_.insert(evaluation.rule);
        if (deferred_.size() >= options_.max_evaluations)
            ++lost_;
        else
            deferred_.insert_or_assign(key_of(evaluation), std::move(evaluation));
    }
}

/// For rules without deferred evaluations.
void rule_engine::clear_further_alerts() {
    std::erase_if(rules_with_deferred_, [this](rule_id rule) {
        const auto first = deferred_.lower_bound(prefix_of(rule));
        if (first != deferred_.end() && first->second.rule == rule)
            return false;
        add_evaluation(
            {.rule = rule, .subject = std::string{further_alerts}, .cleared = true, .at = deps_.time.now()});
        return true;
    });
}

} // namespace breakwater::alerts

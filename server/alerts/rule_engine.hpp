#pragma once

#include "alerts/field_rules.hpp"
#include "alerts/incident_rules.hpp"
#include "alerts/silence_rules.hpp"
#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "base/result.hpp"
#include "domain/alert.hpp"
#include "events/event_bus.hpp"
#include "registry/device_registry.hpp"
#include "registry/policy_registry.hpp"
#include "storage/change_feed.hpp"
#include "storage/device_ownership.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

namespace breakwater::alerts {

struct rule_engine_options {
    std::size_t max_readings = 50'000; ///< queued uploads of one reading; further ones are left out
    std::size_t max_bytes = 32U << 20; ///< payload bytes of these single readings
    /// Readings of queued batches, which are uploads of several readings; further batches are left out.
    std::size_t max_batched = 50'000;
    std::size_t max_batched_bytes = 32U << 20; ///< payload bytes of the queued batches
    /// Readings in the queued batches of one device. Past this, its oldest batch is left out. When the
    /// batches of all devices fill half of `max_batched` or `max_batched_bytes`, the limit is an eighth of
    /// this.
    std::size_t max_batched_per_device = 10'000;
    std::size_t max_batched_bytes_per_device = 4U << 20;
    std::size_t max_incidents = 4096; ///< distinct incidents in the queue; further ones are left out
    /// Distinct targets of a queued incident; further ones are ignored. An incident stays in the queue for a
    /// second at most.
    std::size_t max_targets = 64;
    /// The limit of each of two lists. Evaluations that wait for the storage: past it the oldest are lost.
    /// Deferred evaluations, which exceed the allowance of their rule: past it the newest are lost.
    std::size_t max_evaluations = 20'000;
    std::chrono::milliseconds collection_delay{50}; ///< delay before a step, to collect more events
    std::chrono::seconds silence_check_interval{5}; ///< between two checks for silent devices
    bool has_own_thread = true;                     ///< false: only calls of `step` process events. For tests
};

struct rule_engine_counters {
    std::uint64_t watched = 0;  ///< evaluated readings
    std::uint64_t left_out = 0; ///< readings and incidents for which a queue or a rule had no room
    /// Evaluations that were dropped because more than `max_evaluations` waited or were deferred.
    std::uint64_t lost = 0;
};

/// Evaluates the alert rules. The listener functions only queue the events; the engine's own thread evaluates
/// the rules on them. Watches only the devices that this process owns.
class rule_engine final : public events::event_listener,
                          public storage::change_follower,
                          public storage::ownership_follower {
public:
    /// The functions may block. The engine calls them on the thread that runs `step`.
    struct dependencies {
        const registry::device_registry& devices;
        const registry::policy_registry& policies;
        const clock& time;
        const storage::device_ownership& ownership;
        /// Loads the stored rules. `start` calls it too.
        std::function<result<std::vector<alert_rule>>()> load_rules;
        /// Applies the evaluations in one transaction, or none of them. Returns those that exceed the
        /// allowance of their rule. The engine retries after a failure.
        std::function<result<std::vector<rule_evaluation>>(std::span<const rule_evaluation>)> apply;
        /// Loads the unresolved alerts of these devices.
        std::function<result<std::vector<alert>>(std::span<const device_id>)> load_alerts;
        /// Loads the readings of a device since a time, at most a given number of them, newest first. After a
        /// restart, or when the device comes from another process, the rules replay these readings.
        std::function<result<std::vector<reading>>(const device_id&, timestamp, std::size_t)> load_recent;
    };
    rule_engine(dependencies deps, const rule_engine_options& options);
    ~rule_engine() override;
    rule_engine(const rule_engine&) = delete;
    rule_engine& operator=(const rule_engine&) = delete;

    /// Call after the device registry is filled and before the first event. `live` are the unresolved alerts.
    /// For every device that is real, not blocked, and belongs to this process, the allowed silence begins
    /// now.
    result<void> start(std::span<const alert> live);
    /// Ends the engine's thread, then processes the queued events for the last time on the caller's thread.
    /// REQUIRES: no event arrives during or after this call.
    void stop();
    [[nodiscard]] rule_engine_counters counters() const noexcept { return {watched_, left_out_, lost_}; }

    void readings_stored(const events::committed_readings& group) override;
    void access_denied(const security_event& event) override;
    void event_recorded(const security_event& event) override;
    /// The engine reloads changed rules in its next step.
    void follow(const change& committed) override;
    /// The engine continues where the former owner of the devices stopped.
    result<void> take_over(storage::transaction& tx, std::span<const device_id> devices) override;
    /// Calls `done` when all evaluations of these devices are stored.
    void finish(std::span<const device_id> devices, std::move_only_function<void()> done) override;

    /// Processes all queued events. If `has_own_thread`, only the engine's thread calls it; otherwise any
    /// thread, one at a time.
    void step();

private:
    struct pending_incident {
        incident_key key;
        std::int64_t count = 0;
        std::vector<affected_target> targets; ///< distinct targets
        /// Targets that a successful sign-in has pardoned since their last incident (`pardoned_by`).
        std::vector<affected_target> pardoned;
    };
    using incidents_by_key = std::unordered_map<std::string, pending_incident>;
    /// Consecutive uploads of one group: a batch, or several single readings. Shares the readings.
    struct queued_uploads {
        events::committed_readings group; ///< null: the batch was left out
        std::size_t first = 0;            ///< index of the first upload
        std::size_t count = 0;

        [[nodiscard]] std::span<const reading> batch() const { return group->upload(first); }
    };
    struct changed_device {
        device_id id;
        category kind;
        device_status status;
    };
    struct resolved_alert { ///< a person resolved it
        std::optional<rule_id> rule;
        alert_kind kind;
        std::optional<device_id> device;
        std::string subject;
    };
    using gained_devices = std::vector<device_id>;
    struct departure { ///< of devices from this process
        std::vector<device_id> devices;
        std::move_only_function<void()> done;
    };
    using queued_event = std::variant<queued_uploads, changed_device, device_removed, resolved_alert,
                                      gained_devices, std::shared_ptr<departure>>;
    /// An event, and the time of both clocks when it arrived. Each event has its own pair, because somebody
    /// may set the wall clock between two events.
    using timed_event = std::pair<moment, queued_event>;
    /// The batches of one device in the queue.
    struct device_backlog {
        std::size_t readings = 0;
        std::size_t bytes = 0;
        std::deque<std::size_t> positions; ///< of its batches in `event_queue::in_order`, the oldest first
    };
    struct event_queue {
        std::vector<timed_event> in_order;
        std::size_t readings = 0;      ///< single readings
        std::size_t bytes = 0;         ///< payload bytes of the single readings
        std::size_t batched = 0;       ///< readings in batches
        std::size_t batched_bytes = 0; ///< payload bytes of the batches
        std::unordered_map<device_id, device_backlog> shares;
        std::unordered_set<device_id> left_out_devices; ///< sent readings that were left out
        bool rules_changed = false;

        [[nodiscard]] bool empty() const noexcept {
            return in_order.empty() && left_out_devices.empty() && !rules_changed;
        }
    };

    /// Calls `add(event_queue&, moment)`, which changes the queue. Wakes the engine's thread if the queue was
    /// empty before.
    template <class Add>
    void enqueue(Add add);
    void queue_device(const device& changed);
    /// Queues an alert that a person resolved.
    void queue_resolution(const alert_saved& item);
    void queue_incident(const security_event& event);
    void queue_pardon(const security_event& event);
    /// The queued entry of this incident, which is added if necessary. Null when there is no room.
    pending_incident* pending_incident_of(const incident_key& incident) REQUIRES(incidents_mutex_);
    void loop();
    void reload_rules();
    void queue_uploads(event_queue& queue, const moment& at, const queued_uploads& uploads);
    void queue_single(event_queue& queue, const moment& at, const queued_uploads& upload);
    void queue_batch(event_queue& queue, const moment& at, const queued_uploads& upload);
    void drop_oldest_batch(event_queue& queue, device_backlog& backlog);
    /// Puts the events back into the queue, because the rules could not be loaded.
    void requeue(event_queue queue);
    void process_events(const event_queue& queue, const moment& now);
    void process_upload(std::span<const reading> upload, const moment& at);
    /// Replays the last readings of the next few devices. A step replays only a few, so that other events
    /// don't wait long after a restart.
    void replay_some(const moment& now);
    /// Replays the device's last readings, but only those whose ids are below `first`.
    void replay(const device_id& device, reading_id first, const moment& now);
    void process_sending_device(const device_id& device, const moment& now);
    void process_changed_device(const changed_device& device, const moment& now);
    void process_gained_devices(const gained_devices& devices, const moment& now);
    /// Begins to watch a device that this process owns.
    void watch(const device_id& device, const registry::device_state& state, const moment& now);
    /// Continues with alerts that were raised before.
    void restore(std::span<const alert> live, const moment& now);
    void forget(const device_id& device);
    void complete_departures();
    void process_resolved_alert(const resolved_alert& alert, const moment& now);
    void process_incidents(const incidents_by_key& incidents, const moment& now);
    void check_silence(const moment& now);
    void add_evaluation(rule_evaluation evaluation);
    void retry_deferred();
    void submit_evaluations();
    void keep_deferred(std::vector<rule_evaluation> evaluations);
    void clear_further_alerts();

    const dependencies deps_;
    const rule_engine_options options_;
    std::atomic<bool> wants_readings_{false};
    std::atomic<bool> wants_incidents_{false};
    std::atomic<std::uint64_t> watched_{0};
    std::atomic<std::uint64_t> left_out_{0};
    std::atomic<std::uint64_t> lost_{0};

    mutex mutex_;
    condition_variable wake_;
    event_queue pending_ GUARDED_BY(mutex_);
    bool stopping_ GUARDED_BY(mutex_) = false;
    /// Separate from `mutex_`, so that floods of denials do not delay commits.
    mutex incidents_mutex_;
    incidents_by_key pending_incidents_ GUARDED_BY(incidents_mutex_);

    // Used by the engine's thread only.
    field_rules fields_;
    silence_rules silence_;
    incident_rules incidents_;
    std::unordered_set<device_id> blocked_;
    /// Devices whose alerts are marked as simulated: simulated at the start, or seen with a simulated
    /// reading, and not real yet.
    std::unordered_set<device_id> simulated_;
    std::unordered_set<device_id> to_replay_;            ///< devices that were not replayed since the start
    std::vector<rule_evaluation> evaluations_;           ///< wait for the storage
    std::vector<std::shared_ptr<departure>> departures_; ///< wait until `evaluations_` are stored
    /// Evaluations beyond the allowance of their rule, by rule, device and subject. Each step retries some.
    std::map<std::string, rule_evaluation> deferred_;
    std::string last_retried_; ///< key of the last retried entry of `deferred_`
    std::set<rule_id> rules_with_deferred_;
    steady_point next_silence_check_{};
    bool rules_stale_ = false;       ///< the last attempt to load the rules failed
    bool had_reading_rules_ = false; ///< the last loaded rules contain rules on fields or on silence
    std::thread thread_;
};

} // namespace breakwater::alerts

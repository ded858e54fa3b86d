#pragma once

#include "alerts/field_rules.hpp"
#include "alerts/incident_rules.hpp"
#include "alerts/silence_rules.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/alert.hpp"
#include "events/event_bus.hpp"
#include "storage/device_registry.hpp"
#include "storage/policy_registry.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
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

struct watcher_options {
    std::size_t max_readings = 50'000; ///< that came one by one and wait; past it they are left out
    std::size_t max_bytes = 32U << 20; ///< of their payloads
    std::size_t max_batched = 50'000;  ///< that came in batches and wait; past it they are left out
    std::size_t max_batched_bytes = 32U << 20;
    /// Of those, one device's; an eighth where half of all are taken. Past it its oldest batch is left out.
    std::size_t max_batched_of_one = 10'000;
    std::size_t max_batched_bytes_of_one = 4U << 20;
    std::size_t max_incidents = 4096;      ///< kinds of incident that wait; past it they are left out
    std::size_t max_things = 64;           ///< of each, distinct ones; they wait a second at most
    std::size_t max_findings = 20'000;     ///< that wait for the storage, or for their turn; more are lost
    std::chrono::milliseconds gather{50};  ///< how long what happens waits for more of it
    std::chrono::seconds look_interval{5}; ///< between two looks for silent devices
    bool runs_by_itself = true;            ///< else only `step` does anything. For tests
};

struct watcher_counters {
    std::uint64_t watched = 0;  ///< readings looked at
    std::uint64_t left_out = 0; ///< readings and incidents that came faster than they could be looked at
    std::uint64_t lost = 0;     ///< findings that had to wait for too long
};

/// Listens to what happens and finds out which rules it makes true: notes things down while they happen, and
/// looks at them on a thread of its own.
class watcher final : public events::event_listener {
public:
    struct parts {
        const storage::device_registry& devices;
        const storage::policy_registry& policies;
        const clock& time;
        /// The rules as they are stored; the watcher's thread, may block.
        std::function<result<std::vector<alert_rule>>()> load_rules;
        /// Takes findings, all or none, and gives back those that were too many; the watcher's thread, may
        /// block. What it fails with is tried again.
        std::function<result<std::vector<alert_finding>>(std::span<const alert_finding>)> take;
        /// A device's readings since then, the newest so many, newest first; the watcher's thread, may block.
        /// What rules knew before a restart is recalled from them.
        std::function<result<std::vector<reading>>(const device_id&, timestamp, std::size_t)> recent;
    };
    watcher(parts with, const watcher_options& chosen);
    ~watcher() override;
    watcher(const watcher&) = delete;
    watcher& operator=(const watcher&) = delete;

    /// Once the registry is filled, and before anything happens: `live` are the alerts that aren't resolved.
    /// A device has from now on as long to speak as after a reading.
    result<void> start(std::span<const alert> live);
    /// Looks at what was noted for the last time. Nothing may happen afterwards.
    void stop();
    /// Any thread; the rules are read anew soon.
    void rules_changed();
    [[nodiscard]] watcher_counters counters() const noexcept { return {watched_, left_out_, lost_}; }

    void stored(std::span<const reading> arrived) override;
    void batch_stored(const events::stored_batch& arrived) override;
    void denied(const security_event& event) override;
    void recorded(const security_event& event) override;
    void changed(const device& what, events::device_change how) override;
    void removed(const device_id& gone, user_id owner) override;
    void alerted(const alert& what, alert_change how) override;

    /// Looks at all that was noted. The watcher's own thread; others only where it doesn't run by itself.
    void step();

private:
    struct noted_incident {
        incident what;
        std::int64_t count = 0;
        std::vector<affected_thing> of;       ///< distinct ones
        std::vector<affected_thing> pardoned; ///< and not affected again since
    };
    using incidents_by_key = std::unordered_map<std::string, noted_incident>;
    using batch = std::shared_ptr<const std::vector<reading>>; ///< none: it was left out
    struct changed_device {
        device_id id;
        category kind;
        device_status status;
    };
    struct removed_device {
        device_id id;
    };
    struct settled_alert { ///< by a person
        std::optional<rule_id> rule;
        alert_kind kind;
        std::optional<device_id> device;
        std::string subject;
    };
    using happening = std::variant<reading, batch, changed_device, removed_device, settled_alert>;
    /// Something that happened, and both clocks at that moment: between it and the next the wall clock may be
    /// set.
    using noted = std::pair<moment, happening>;
    /// What of one device waits in batches.
    struct share {
        std::size_t readings = 0;
        std::size_t bytes = 0;
        std::deque<std::size_t> places; ///< in `notes::in_order`
    };
    struct notes {
        std::vector<noted> in_order;
        std::size_t readings = 0; ///< that came one by one
        std::size_t bytes = 0;
        std::size_t batched = 0;
        std::size_t batched_bytes = 0;
        std::unordered_map<device_id, share> shares;
        std::unordered_set<device_id> heard; ///< however much is left out
        bool rules_changed = false;

        [[nodiscard]] bool empty() const noexcept {
            return in_order.empty() && heard.empty() && !rules_changed;
        }
    };

    /// Notes something down, with `add(notes&, moment)`, and wakes the watcher's thread where it was the
    /// first.
    template <class Add>
    void note(Add add);
    void note_incident(const security_event& event);
    void note_pardon(const security_event& event);
    /// With `incidents_mutex_` held; none where there is no room.
    noted_incident* place_of(const incident& what);
    void loop();
    void learn_rules();
    void note_batch(notes& to, const moment& at, const batch& arrived);
    void leave_out_oldest(notes& from, share& of);
    /// Of rules that could not be read: what waits for them waits on.
    void put_back(notes later);
    void look_at(const notes& what, const moment& now);
    void look_at_upload(std::span<const reading> upload, const moment& at);
    /// Of some devices that weren't asked about yet: so a restart costs little at a time.
    void recall_some(const moment& now);
    /// What the device said before `first`.
    void recall(const device_id& device, reading_id first, const moment& now);
    void look_at_heard(const device_id& device, const moment& now);
    void look_at_changed(const changed_device& device, const moment& now);
    void look_at_settled(const settled_alert& what, const moment& now);
    void look_at(const incidents_by_key& what, const moment& now);
    void look_for_silence(const moment& now);
    void find(alert_finding found);
    void offer_put_off();
    void hand_over();
    void keep_put_off(std::vector<alert_finding> those);
    void end_common_alerts();

    const parts with_;
    const watcher_options options_;
    std::atomic<bool> wants_readings_{false};
    std::atomic<bool> wants_incidents_{false};
    std::atomic<std::uint64_t> watched_{0};
    std::atomic<std::uint64_t> left_out_{0};
    std::atomic<std::uint64_t> lost_{0};

    std::mutex mutex_;
    std::condition_variable happened_;
    notes pending_;
    bool stopping_ = false;
    std::mutex incidents_mutex_; ///< of its own: floods of denials mustn't hold the storage's thread up
    incidents_by_key pending_incidents_;

    // Of the watcher's thread.
    field_rules fields_;
    silence_rules silence_;
    incident_rules incidents_;
    std::unordered_set<device_id> blocked_;
    std::unordered_set<device_id> simulated_; ///< of which rules know what was made up
    std::unordered_set<device_id> to_recall_;
    std::vector<alert_finding> found_;
    std::map<std::string, alert_finding> put_off_; ///< by rule, device and subject
    std::string last_offered_;
    std::set<rule_id> crowded_; ///< rules of which something was put off
    steady_point next_look_{};
    bool stale_ = false;    ///< the rules couldn't be read
    bool listened_ = false; ///< there were rules that readings are for
    std::thread thread_;
};

} // namespace breakwater::alerts

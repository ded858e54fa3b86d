#pragma once

#include "alerts/field_rules.hpp"
#include "alerts/incident_rules.hpp"
#include "alerts/silence_rules.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/alert.hpp"
#include "events/event_bus.hpp"
#include "storage/device_registry.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace breakwater::alerts {

struct watcher_options {
    std::size_t max_readings = 50'000;     ///< that wait to be looked at; past it they are left out
    std::size_t max_bytes = 32U << 20;     ///< of their payloads
    std::size_t max_incidents = 4096;      ///< kinds of incident that wait; past it they are left out
    std::size_t max_findings = 20'000;     ///< that wait for the storage; past it the oldest are lost
    std::chrono::milliseconds gather{50};  ///< how long what happens waits for more of it
    std::chrono::seconds look_interval{5}; ///< between two looks for silent devices
    bool runs_by_itself = true;            ///< else only `step` does anything. For tests
};

struct watcher_counters {
    std::uint64_t watched = 0;  ///< readings looked at
    std::uint64_t left_out = 0; ///< readings and incidents that came faster than they could be looked at
    std::uint64_t lost = 0;     ///< findings that the storage didn't take for too long
};

/// Listens to what happens and finds out which rules it makes true: notes things down while they happen, and
/// looks at them on a thread of its own.
class watcher final : public events::event_listener {
public:
    struct parts {
        const storage::device_registry& devices;
        const clock& time;
        /// The rules as they are stored; the watcher's thread, may block.
        std::function<result<std::vector<alert_rule>>()> load_rules;
        /// Takes findings, all or none; the watcher's thread, may block. What it fails with is tried again.
        std::function<result<void>(std::span<const alert_finding>)> take;
    };
    watcher(parts with, const watcher_options& chosen);
    ~watcher() override;
    watcher(const watcher&) = delete;
    watcher& operator=(const watcher&) = delete;

    /// Once the registry is filled, and before anything happens: `live` are the alerts that aren't resolved.
    /// A device has from now on as long to speak as after a reading.
    result<void> start(std::span<const alert> live);
    /// What was noted is looked at no more. Nothing may happen afterwards.
    void stop();
    /// Any thread; the rules are read anew soon.
    void rules_changed();
    [[nodiscard]] watcher_counters counters() const noexcept { return {watched_, left_out_, lost_}; }

    void stored(std::span<const reading> arrived) override;
    void denied(const security_event& event) override;
    void recorded(const security_event& event) override;
    void changed(const device& what, events::device_change how) override;
    void removed(const device_id& gone, user_id owner) override;

    /// Looks at all that was noted. The watcher's own thread; others only where it doesn't run by itself.
    void step();

private:
    struct noted_incident {
        incident what;
        std::int64_t count = 0;
    };
    struct notes {
        std::vector<reading> readings;
        std::size_t bytes = 0;
        std::unordered_map<std::string, noted_incident> incidents;
        std::vector<device_id> awaited; ///< active ones: they are expected to speak
        std::vector<device_id> blocked;
        std::vector<device_id> gone;
        bool rules_changed = false;

        [[nodiscard]] bool empty() const noexcept {
            return readings.empty() && incidents.empty() && awaited.empty() && blocked.empty() &&
                   gone.empty() && !rules_changed;
        }
    };

    void note_incident(const security_event& event);
    void loop();
    void learn_rules();
    void look_at(const notes& what);
    void look_at(const reading& what);
    void look_for_silence();
    void find(alert_finding found);
    void hand_over();

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

    // Of the watcher's thread.
    field_rules fields_;
    silence_rules silence_;
    incident_rules incidents_;
    std::vector<alert_finding> found_;
    steady_point next_look_{};
    bool stale_ = false; ///< the rules couldn't be read
    std::thread thread_;
};

} // namespace breakwater::alerts

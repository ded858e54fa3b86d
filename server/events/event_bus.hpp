#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/alert.hpp"
#include "domain/device.hpp"
#include "domain/reading.hpp"
#include "domain/security_event.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace breakwater::events {

enum class device_change : std::uint8_t { created, updated };

/// Late readings of a device, which came in at once.
struct backfill {
    breakwater::device_id device;
    std::size_t count = 0;
    timestamp oldest; ///< by `measured_at`
    timestamp newest;
};

/// Who wants to know what happened. Told once it is durable, in the order of the commits of its kind, mostly
/// on the writer's thread: everything that is written waits meanwhile, so a listener notes what it hears and
/// goes. Must not block, must not throw.
class event_listener {
public:
    virtual ~event_listener() = default;
    /// Readings that came in as they were taken, or simulated ones.
    virtual void stored(std::span<const reading> /*arrived*/) {}
    virtual void backfilled(const backfill& /*what*/) {}
    virtual void recorded(const security_event& /*event*/) {}
    /// Each denial as it happens, before it is on record and however often it is repeated. On any thread, and
    /// in a flood of them as well: what is done with it must cost next to nothing.
    virtual void denied(const security_event& /*event*/) {}
    virtual void changed(const device& /*what*/, device_change /*how*/) {}
    virtual void removed(const device_id& /*gone*/, user_id /*owner*/) {}
    virtual void alerted(const alert& /*what*/, alert_change /*how*/) {}
    /// A sign-in that ended before its time.
    virtual void session_ended(const uuid& /*session*/) {}
};

/// What happened, to whoever listens.
class event_bus final : public event_listener {
public:
    /// Before anything happens; it must outlive the bus's last event. Not for two threads.
    void attach(event_listener& added) { listeners_.push_back(&added); }

    void stored(std::span<const reading> arrived) override {
        for (event_listener* each : listeners_)
            each->stored(arrived);
    }
    void backfilled(const backfill& what) override {
        for (event_listener* each : listeners_)
            each->backfilled(what);
    }
    void recorded(const security_event& event) override {
        for (event_listener* each : listeners_)
            each->recorded(event);
    }
    void denied(const security_event& event) override {
        for (event_listener* each : listeners_)
            each->denied(event);
    }
    void changed(const device& what, device_change how) override {
        for (event_listener* each : listeners_)
            each->changed(what, how);
    }
    void removed(const device_id& gone, user_id owner) override {
        for (event_listener* each : listeners_)
            each->removed(gone, owner);
    }
    void alerted(const alert& what, alert_change how) override {
        for (event_listener* each : listeners_)
            each->alerted(what, how);
    }
    void session_ended(const uuid& session) override {
        for (event_listener* each : listeners_)
            each->session_ended(session);
    }

private:
    std::vector<event_listener*> listeners_;
};

} // namespace breakwater::events

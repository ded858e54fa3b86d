#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/alert.hpp"
#include "domain/device.hpp"
#include "domain/reading.hpp"
#include "domain/security_event.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
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
    timestamp received_at;
};

/// What a device, or a gateway in its name, sent at once, as far as it is stored now and wasn't before.
struct stored_batch {
    /// Of one device; not empty. First those that were late, then the others, each in the order of the batch.
    /// Shared, so that who keeps them copies no payload on the writer's thread.
    std::shared_ptr<const std::vector<reading>> readings;
    backfill late; ///< about the first `late.count` of them
};

/// Who wants to know what happened. Told once it is durable, in the order of the commits of its kind, mostly
/// on the writer's thread: everything that is written waits meanwhile, so a listener notes what it hears and
/// goes. Must not block, must not throw.
class event_listener {
public:
    virtual ~event_listener() = default;
    /// Readings that came in one by one, or simulated ones. They, too, may be late (`device_timestamp`).
    virtual void stored(std::span<const reading> /*arrived*/) {}
    virtual void batch_stored(const stored_batch& /*arrived*/) {}
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
    void batch_stored(const stored_batch& arrived) override {
        for (event_listener* each : listeners_)
            each->batch_stored(arrived);
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

#pragma once

#include "domain/security_event.hpp"
#include "events/readings_committed.hpp"

#include <vector>

namespace breakwater::events {

/// Receives readings and audit events after they are committed; only `access_denied` comes before that.
/// Changes of entities come through `storage::change_feed`. Except for `access_denied`, the calls come in the
/// order of the commits, one at a time, and all writes wait for them. So a listener should only queue the
/// event and return. The functions must not block and must not throw.
class event_listener {
public:
    virtual ~event_listener() = default;
    /// Readings from devices and from the simulator. Listeners skip those that are not new
    /// (`readings_committed::is_new`). May be kept, and read on any thread.
    virtual void readings_stored(const committed_readings& /*group*/) {}
    /// A row that was added to the audit log.
    virtual void event_recorded(const security_event& /*event*/) {}
    /// A denial that the audit recorder receives, before it is recorded. Repeated denials come too, although
    /// the log only counts them. Called on any thread, also during a flood of requests: the function must be
    /// very cheap.
    virtual void access_denied(const security_event& /*event*/) {}
};

/// Forwards each event to all attached listeners.
class event_bus final : public event_listener {
public:
    /// REQUIRES: all calls come from one thread, before the first event. The listener exists until after the
    /// last event.
    void attach(event_listener& listener) { listeners_.push_back(&listener); }

    void readings_stored(const committed_readings& group) override {
        for (event_listener* listener : listeners_)
            listener->readings_stored(group);
    }
    void event_recorded(const security_event& event) override {
        for (event_listener* listener : listeners_)
            listener->event_recorded(event);
    }
    void access_denied(const security_event& event) override {
        for (event_listener* listener : listeners_)
            listener->access_denied(event);
    }

private:
    std::vector<event_listener*> listeners_;
};

} // namespace breakwater::events

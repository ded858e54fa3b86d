#pragma once

#include "alerts/rule_engine.hpp"
#include "api/access.hpp"
#include "api/routes.hpp"
#include "app/core.hpp"
#include "app/housekeeping.hpp"
#include "app/signals.hpp"
#include "events/event_bus.hpp"
#include "http/server.hpp"
#include "identity/authenticator.hpp"
#include "live/hub.hpp"
#include "outbox/worker.hpp"
#include "services/account_service.hpp"
#include "services/clock_watch.hpp"
#include "services/webhook_service.hpp"
#include "simulator/simulator.hpp"
#include "telemetry/ingest.hpp"
#include "webhooks/sender.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace breakwater::app {

/// The whole server. Each member uses only members that are declared before it, and is destroyed before them.
/// So no member receives a dependency after its construction. The constructor starts threads, and the outbox
/// sends pending messages from then on. `start` opens the network.
class application {
public:
    /// `parts` and `bus` outlive the application; `bus` receives the events of `parts`.
    application(core& parts, events::event_bus& bus, identity::token_settings token_settings);
    /// Gives open connections 10 s to end, waits for requests that still run, and writes the counts that are
    /// kept in memory.
    ~application();
    application(const application&) = delete;
    application& operator=(const application&) = delete;

    /// Restores the state of the last run, creates the demo accounts if configured, and listens. An error
    /// tells the operator what to fix. Call it once.
    [[nodiscard]] result<void> start();
    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    enum class ending : std::uint8_t {
        requested, ///< a signal asked to stop
        replaced,  ///< `database::must_reopen`
    };
    /// Runs until there is a reason to end. Does the periodic work, and reloads the certificate on SIGHUP.
    /// REQUIRES: started.
    ending run(signal_waiter& signals);

private:
    using subscription = storage::change_feed::subscription;

    result<void> start_rule_engine();
    result<void> start_simulator();
    void reload_certificate();
    void append_metrics(std::string& out) const;
    [[nodiscard]] api::handler_dependencies handlers();

    core& parts_;
    events::event_bus& bus_;
    services::clock_watch clocks_;
    const identity::token_service tokens_;
    identity::live_tickets live_tickets_;
    const identity::authenticator authenticator_;
    live::hub hub_;
    alerts::rule_engine rules_;
    webhooks::sender sender_;
    outbox::worker outbox_;
    services::webhook_service webhooks_;
    services::auth_service auth_;
    services::account_service account_;
    services::audit_service audit_;
    telemetry::ingest ingest_;
    std::optional<simulator::simulator> simulator_; ///< empty: the server does not simulate
    // `core` subscribed the registries earlier, so they are up to date when these followers are called.
    const subscription hub_follows_;
    const subscription rules_follow_;
    const subscription outbox_follows_;
    const subscription auth_follows_;
    const subscription ingest_follows_;
    const storage::ownership_feed::subscription rules_own_;
    const storage::ownership_feed::subscription ingest_owns_;
    std::optional<subscription> simulator_follows_;
    const std::unique_ptr<http::router> router_;
    http::metrics metrics_;
    const api::access access_;
    std::unique_ptr<http::work_pools> pools_;
    std::unique_ptr<http::server> server_; ///< empty until `start`
    std::optional<housekeeping> housekeeping_;
};

} // namespace breakwater::app

#include "app/commands/serve.hpp"

#include "alerts/watcher.hpp"
#include "api/access.hpp"
#include "api/alert_handlers.hpp"
#include "api/routes.hpp"
#include "app/commands/outcome.hpp"
#include "app/core.hpp"
#include "app/housekeeping.hpp"
#include "app/keys.hpp"
#include "app/metrics_text.hpp"
#include "app/signals.hpp"
#include "base/log.hpp"
#include "http/server.hpp"
#include "live/hub.hpp"
#include "services/clock_watch.hpp"
#include "services/password_policy.hpp"
#include "services/webhook_service.hpp"
#include "simulator/simulator.hpp"
#include "webhooks/sender.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <limits>
#include <memory>
#include <thread>

namespace breakwater::app {

namespace {

constexpr std::chrono::seconds tick_interval{1};

http::server_options http_options(const config& chosen) {
    http::server_options options;
    options.host = chosen.host;
    options.port = chosen.port;
    options.base_path = chosen.base_path;
    options.threads =
        chosen.io_threads != 0 ? chosen.io_threads : std::max(1U, std::thread::hardware_concurrency());
    options.max_connections = chosen.max_connections;
    options.max_connections_per_client = chosen.max_connections_per_client;
    options.cors_origins = chosen.cors_origins;
    options.trusted_proxies = chosen.trusted_proxies;
    options.tls_certificate_file = chosen.tls_certificate_file;
    options.tls_key_file = chosen.tls_key_file;
    return options;
}

http::work_plan work_plan_of(const config& chosen) {
    http::work_plan plan = http::default_work_plan(std::max(1U, std::thread::hardware_concurrency()));
    http::work_options& hashing = plan[static_cast<std::size_t>(http::work::hashing)];
    hashing.threads = chosen.hashing_threads;
    hashing.max_queue = chosen.hashing_queue;
    // One thread is always left for somebody else.
    hashing.max_running_of_one = std::max<std::size_t>(chosen.hashing_threads, 2) - 1;
    plan[static_cast<std::size_t>(http::work::registration)].max_queue = chosen.hashing_queue;
    return plan;
}

void tell_where(const config& chosen, std::uint16_t port) {
    const bool v6 = chosen.host.find(':') != std::string::npos;
    const std::string address = fmt::format("{}://{}{}{}:{}", chosen.tls_key_file.empty() ? "http" : "https",
                                            v6 ? "[" : "", chosen.host, v6 ? "]" : "", port);
    fmt::print("breakwater is listening on {}\n", address);
    fmt::print("  your fleet   {}{}/\n", address, chosen.base_path);
    fmt::print("  try it out   {}{}/docs\n", address, chosen.base_path);
    fmt::print("  reference    {}{}/redoc\n", address, chosen.base_path);
    if (chosen.allows_demo())
        fmt::print("  sign in as   {} / {}  (unless changed; local environments only)\n",
                   services::demo_admin_email, services::demo_admin_password);
    fmt::print("  database     {}\n", chosen.database_file.string());
    (void)std::fflush(stdout);
}

/// Wakes the sender when an alert put messages in line.
class sender_bell final : public events::event_listener {
public:
    /// Before the first alert.
    void ring_for(webhooks::sender& of) { of_ = &of; }
    void alerted(const alert&, alert_change how) override {
        if (of_ != nullptr && how != alert_change::updated)
            of_->wake();
    }

private:
    webhooks::sender* of_ = nullptr;
};

/// However serving ends, the watching ends before what it wakes.
struct watching_ends_first {
    explicit watching_ends_first(alerts::watcher& its) : of{its} {}
    ~watching_ends_first() { of.stop(); }
    watching_ends_first(const watching_ends_first&) = delete;
    watching_ends_first& operator=(const watching_ends_first&) = delete;
    alerts::watcher& of;
};

/// With what was raised before the server was last stopped, and isn't over.
result<void> start_watching(alerts::watcher& alarm, core& parts) {
    const auto live = storage::ask(*parts.store, [](const storage::snapshot& view) {
        return view.alerts().list({.live = true, .limit = std::numeric_limits<std::size_t>::max()});
    });
    if (!live)
        return std::unexpected(live.error());
    return alarm.start(*live);
}

} // namespace

int serve(const config& chosen) {
    signal_waiter signals; // before any thread is made, so that all inherit its mask

    // Devices come and go before and while the simulator and the ingest exist.
    simulator::simulator* fleet = nullptr;
    telemetry::ingest* door = nullptr;
    storage::policy_registry* policies = nullptr;
    services::auth_service* sign_in = nullptr;
    alerts::watcher* alarms = nullptr;
    events::event_bus bus;
    auto opened = open_core(chosen, false,
                            {.created =
                                 [&fleet, &bus](const device& added) {
                                     if (fleet != nullptr)
                                         fleet->add(added.id);
                                     bus.changed(added, events::device_change::created);
                                 },
                             .updated =
                                 [&sign_in, &bus](const device& changed) {
                                     bus.changed(changed, events::device_change::updated);
                                     if (sign_in != nullptr)
                                         sign_in->forget_device(changed.id);
                                 },
                             .deleted =
                                 [&door, &policies, &sign_in, &bus](const device_id& id, user_id owner) {
                                     bus.removed(id, owner);
                                     if (sign_in != nullptr)
                                         sign_in->forget_device(id);
                                     if (policies != nullptr)
                                         policies->remove(id);
                                     if (door != nullptr)
                                         door->forget(id);
                                 }},
                            &bus, [&alarms] {
                                if (alarms != nullptr)
                                    alarms->rules_changed();
                            });
    if (!opened)
        return refuse_database(chosen, std::move(opened).error(), false);
    core& parts = **opened;
    policies = &*parts.policies;
    services::clock_watch clocks{
        {*parts.store, *parts.audit, parts.time}}; // before anything is put on record
    if (const auto started = clocks.start(); !started)
        return refuse(started.error());
    // Destroyed after the server, whose connections know it; it hears of events before there are any.
    live::hub watchers{
        {parts.devices, *parts.policies, *parts.audit, parts.time, parts.random, api::alerts::json_of},
        {.max_sessions = chosen.max_live_connections,
         .max_sessions_of_one = chosen.max_live_connections_per_user,
         .token_lifetime = chosen.access_lifetime + services::token_settings::longest_leeway}};
    bus.attach(watchers);
    sender_bell bell;
    bus.attach(bell);
    alerts::watcher alarm{
        {parts.devices, *parts.policies, parts.time, [&parts] { return parts.alert_service->rules(); },
         [&parts](std::span<const alert_finding> found) { return parts.alert_service->take(found); },
         [&parts](const device_id& of, timestamp since, std::size_t most) {
             return storage::ask(*parts.store, [&](const storage::snapshot& view) {
                 return view.readings().page({.device_id = of, .since = since, .until = {}},
                                             storage::reading_order::newest_first, {}, most);
             });
         }},
        {}};
    bus.attach(alarm);
    alarms = &alarm;
    // Its thread begins at once: whoever listens to what it does is there already, and longer than it.
    webhooks::sender sender{
        *parts.store,
        parts.time,
        parts.random,
        {.user_agent = "Breakwater/" BREAKWATER_VERSION, .local = chosen.webhook_local_hosts}};
    bell.ring_for(sender);
    const watching_ends_first order{alarm};
    services::webhook_service webhooks{{.store = *parts.store,
                                        .audit = *parts.audit,
                                        .time = parts.time,
                                        .random = parts.random,
                                        .local = chosen.webhook_local_hosts,
                                        .queued = [&sender] { sender.wake(); }}};
    if (const auto started = start_watching(alarm, parts); !started)
        return refuse(started.error());
    auto token_settings = load_tokens(chosen, parts.random);
    if (!token_settings)
        return refuse(token_settings.error());
    if (const auto prepared = prepare_accounts(parts); !prepared)
        return refuse(prepared.error());

    const services::token_service tokens{std::move(*token_settings), parts.time, parts.random};
    services::auth_service auth{{*parts.store, parts.users, parts.devices, *parts.audit, tokens, parts.time,
                                 parts.random,
                                 [&parts](const device_id& id, const services::caller& who) {
                                     return parts.device_service->note_sign_in(id, who);
                                 }},
                                {.bcrypt_cost = chosen.bcrypt_cost,
                                 .device_bcrypt_cost = chosen.device_bcrypt_cost,
                                 .session_max = chosen.session_max,
                                 .refresh_grace = chosen.refresh_grace,
                                 .demo_password_works = chosen.allows_demo(),
                                 .registration = chosen.registration,
                                 .max_sessions = chosen.max_sessions,
                                 .renewals_per_minute = chosen.max_renewals},
                                [&bus](const uuid& session) { bus.session_ended(session); }};
    sign_in = &auth;
    services::account_service account{{*parts.store, *parts.user_service, *parts.audit, parts.time},
                                      services::throttle_options{},
                                      [&bus](const uuid& session) { bus.session_ended(session); }};
    services::audit_service audit{*parts.store, parts.time};
    telemetry::ingest ingest{{*parts.store, parts.devices, *parts.policies, *parts.audit, parts.time, bus},
                             {}};
    if (const auto recalled = ingest.recall_limits(); !recalled)
        return refuse(recalled.error());
    door = &ingest;
    std::optional<simulator::simulator> simulated;
    if (chosen.simulates()) {
        if (const auto begun = parts.device_service->begin_simulation(operator_at_the_shell("serve")); !begun)
            return refuse(begun.error());
        simulated.emplace(parts.devices, parts.time, simulation_seed,
                          [&ingest](std::vector<reading> made) { ingest.simulate(std::move(made)); });
        fleet = &*simulated;
    }

    auto pools = std::make_unique<http::work_pools>(work_plan_of(chosen));
    http::metrics* http_metrics = nullptr; // counts by route, so the routes come first
    const auto routes = api::make_router(
        {.auth = auth,
         .account = account,
         .devices = *parts.device_service,
         .users = *parts.user_service,
         .invitations = *parts.invitation_service,
         .readings = *parts.reading_service,
         .policies = *parts.policy_service,
         .audit = audit,
         .alerts = *parts.alert_service,
         .webhooks = webhooks,
         .denials = *parts.audit,
         .store = *parts.store,
         .ingest = ingest,
         .tokens = tokens,
         .time = parts.time,
         .open_live = [&watchers](const http::request& asked) { return watchers.open(asked); },
         .issue_live_ticket = [&watchers](const http::principal& to) { return watchers.issue_ticket(to); },
         .live_ticket_lifetime = live::tickets::lifetime,
         .retention_held_until = [&clocks] { return clocks.held_until(); },
         .release_retention = [&clocks](const services::caller& who) { return clocks.release(who); },
         .append_metrics =
             [&, &work = *pools](std::string& out) {
                 http_metrics->append_to(out);
                 append_ingest_metrics(out, ingest.counters());
                 append_refusal_metrics(out, ingest.refusals());
                 append_auth_metrics(out, auth.counters());
                 append_live_metrics(out, watchers.counters());
                 append_alert_metrics(out, alarm.counters(), parts.alert_service->counters());
                 append_clock_metrics(out, clocks);
                 append_webhook_metrics(out, sender.counters());
                 append_queue_metrics(out, *parts.store, work, parts.devices);
             },
         .settings = {.application = chosen.app_name,
                      .environment = chosen.environment,
                      .registration = chosen.registration,
                      .version = BREAKWATER_VERSION,
                      .base_path = chosen.base_path,
                      .max_page_size = chosen.max_page_size,
                      .max_batch_readings = chosen.max_batch_readings,
                      .metrics_token = chosen.metrics_token,
                      .security_contact = chosen.security_contact,
                      .started_at = parts.time.now()}});
    http::metrics metrics{*routes};
    http_metrics = &metrics;
    const api::access access{{tokens, parts.users, parts.devices, *parts.audit, parts.time},
                             {chosen.max_calls_of_user, chosen.max_calls_of_admin}};
    watchers.use(
        access, [&access](std::string_view token) { return access.person(token); },
        [&access](security_event& refusal, std::string_view token) { access.attribute(refusal, token); });
    auto server = http::server::listen(http_options(chosen),
                                       {*routes, access, parts.time, parts.random, metrics, *pools});
    if (!server)
        return refuse({.code = server.error().code,
                       .detail = server.error().detail +
                                 " HOST and PORT (or --host and --port) say where to listen; port 0 picks a "
                                 "free one."});
    (*server)->start();
    tell_where(chosen, (*server)->port());

    auto chores = std::make_unique<housekeeping>(
        housekeeping::parts{*parts.store, parts.devices, *parts.policies, *parts.alert_service, clocks,
                            parts.time, parts.settings.log_retention});
    for (;;) {
        ingest.tick();
        parts.audit->tick();
        auth.tick();
        const auto signal = signals.wait(fleet != nullptr ? fleet->step() : tick_interval);
        if (signal == signal_waiter::what::reload) {
            if (const auto reloaded = (*server)->reload_tls(); reloaded)
                log::write(log::level::info, "certificate reloaded");
            else
                log::write(log::level::error, "certificate not reloaded; the old one stays",
                           {{"detail", reloaded.error().detail}});
        } else if (signal == signal_waiter::what::stop) {
            break;
        }
    }
    log::write(log::level::info, "stopping: finishing what was taken in");
    chores.reset();
    (*server)->stop();
    watchers.stop(); // while the server's threads' lanes still are
    // What outlived the shutdown's patience still works with the routes and the server: it ends before they
    // do.
    pools.reset();
    ingest.close();
    alarm.stop(); // once nothing comes in any more: what came last is looked at
    auth.close();
    parts.audit->close();
    log::write(log::level::info, "stopped");
    return 0;
}

} // namespace breakwater::app

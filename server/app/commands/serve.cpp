#include "app/commands/serve.hpp"

#include "alerts/rule_engine.hpp"
#include "api/access.hpp"
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
#include "outbox/worker.hpp"
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

http::server_options http_options(const config& settings) {
    http::server_options options;
    options.host = settings.host;
    options.port = settings.port;
    options.base_path = settings.base_path;
    options.threads =
        settings.io_threads != 0 ? settings.io_threads : std::max(1U, std::thread::hardware_concurrency());
    options.max_connections = settings.max_connections;
    options.max_connections_per_client = settings.max_connections_per_client;
    options.cors_origins = settings.cors_origins;
    options.trusted_proxies = settings.trusted_proxies;
    options.tls_certificate_file = settings.tls_certificate_file;
    options.tls_key_file = settings.tls_key_file;
    return options;
}

http::work_plan work_plan_of(const config& settings) {
    http::work_plan plan = http::default_work_plan(std::max(1U, std::thread::hardware_concurrency()));
    http::work_options& hashing = plan[static_cast<std::size_t>(http::work::hashing)];
    hashing.threads = settings.hashing_threads;
    hashing.max_queue = settings.hashing_queue;
    // Leave one thread for other accounts.
    hashing.max_running_per_account = std::max<std::size_t>(settings.hashing_threads, 2) - 1;
    plan[static_cast<std::size_t>(http::work::registration)].max_queue = settings.hashing_queue;
    return plan;
}

void print_addresses(const config& settings, std::uint16_t port) {
    const bool v6 = settings.host.find(':') != std::string::npos;
    const std::string address =
        fmt::format("{}://{}{}{}:{}", settings.tls_key_file.empty() ? "http" : "https", v6 ? "[" : "",
                    settings.host, v6 ? "]" : "", port);
    fmt::print("breakwater is listening on {}\n", address);
    fmt::print("  web client   {}{}/\n", address, settings.base_path);
    fmt::print("  try the API  {}{}/docs\n", address, settings.base_path);
    fmt::print("  reference    {}{}/redoc\n", address, settings.base_path);
    if (settings.allows_demo())
        fmt::print("  sign in as   {} / {}  (unless changed; local environments only)\n",
                   services::demo_admin_email, services::demo_admin_password);
    fmt::print("  database     {}\n", settings.database_file.string());
    (void)std::fflush(stdout);
}

/// Stops the rule engine before the objects that it calls are destroyed, however `serve` returns.
struct rule_engine_stopper {
    explicit rule_engine_stopper(alerts::rule_engine& stopped) : engine{stopped} {}
    ~rule_engine_stopper() { engine.stop(); }
    rule_engine_stopper(const rule_engine_stopper&) = delete;
    rule_engine_stopper& operator=(const rule_engine_stopper&) = delete;
    alerts::rule_engine& engine;
};

/// Starts the rule engine with the stored alerts that are not resolved.
result<void> start_rule_engine(alerts::rule_engine& engine, core& parts) {
    const auto live = storage::fetch(*parts.store, [](const storage::snapshot& view) {
        return view.alerts().list({.live = true, .limit = std::numeric_limits<std::size_t>::max()});
    });
    if (!live)
        return std::unexpected(live.error());
    return engine.start(*live);
}

} // namespace

int serve(const config& settings) {
    signal_waiter signals; // before the first thread, so that all threads inherit its mask

    events::event_bus bus;
    auto opened = open_core(settings, false, &bus);
    if (!opened)
        return refuse_database(settings, std::move(opened).error(), false);
    core& parts = **opened;
    storage::change_feed& feed = parts.store->feed();
    services::clock_watch clocks{
        {*parts.store, *parts.audit, parts.time}}; // before the first event is recorded
    if (const auto started = clocks.start(); !started)
        return refuse(started.error());
    auto token_settings = load_tokens(settings, parts.random);
    if (!token_settings)
        return refuse(token_settings.error());
    const identity::token_service tokens{std::move(*token_settings), parts.time, parts.random};
    const identity::authenticator authenticator{tokens, parts.users, parts.devices};
    // Destroyed after the server, whose connections use it. Attached before the first event.
    live::hub live_hub{
        {parts.devices, *parts.policies, authenticator, *parts.audit, parts.time, parts.random},
        {.max_sessions = settings.max_live_connections,
         .max_sessions_per_user = settings.max_live_connections_per_user,
         .token_lifetime = settings.access_lifetime + identity::token_settings::longest_leeway}};
    bus.attach(live_hub);
    const storage::change_feed::subscription hub_follows{feed, live_hub};
    alerts::rule_engine rule_engine{
        {parts.devices, *parts.policies, parts.time, [&parts] { return parts.alert_service->rules(); },
         [&parts](std::span<const rule_evaluation> evaluations) {
             return parts.alert_service->apply(evaluations);
         },
         [&parts](const device_id& device, timestamp since, std::size_t limit) {
             return storage::fetch(*parts.store, [&](const storage::snapshot& view) {
                 return view.readings().page({.device_id = device, .since = since, .until = {}},
                                             storage::reading_order::newest_first, {}, limit);
             });
         }},
        {}};
    bus.attach(rule_engine);
    const storage::change_feed::subscription rules_follow{feed, rule_engine};
    // These start their threads at once. The objects that they use already exist and outlive them.
    webhooks::sender sender{
        *parts.store,
        parts.time,
        {.user_agent = "Breakwater/" BREAKWATER_VERSION, .local = settings.webhook_local_hosts}};
    outbox::worker outbox_worker{{*parts.store, parts.time, parts.random},
                                 {{.kind = destination_kind::webhook, .target = sender.destination()}}};
    const storage::change_feed::subscription outbox_follows{feed, outbox_worker};
    const rule_engine_stopper stopper{rule_engine};
    services::webhook_service webhooks{{.store = *parts.store,
                                        .audit = *parts.audit,
                                        .time = parts.time,
                                        .random = parts.random,
                                        .local = settings.webhook_local_hosts}};
    if (const auto started = start_rule_engine(rule_engine, parts); !started)
        return refuse(started.error());
    if (const auto prepared = prepare_accounts(parts); !prepared)
        return refuse(prepared.error());

    services::auth_service auth{{*parts.store, parts.users, parts.devices, *parts.audit, tokens, parts.time,
                                 parts.random,
                                 [&parts](const device_id& id, const services::caller& caller) {
                                     return parts.device_service->record_sign_in(id, caller);
                                 }},
                                {.bcrypt_cost = settings.bcrypt_cost,
                                 .device_bcrypt_cost = settings.device_bcrypt_cost,
                                 .session_max = settings.session_max,
                                 .refresh_grace = settings.refresh_grace,
                                 .demo_password_works = settings.allows_demo(),
                                 .registration = settings.registration,
                                 .max_sessions = settings.max_sessions,
                                 .renewals_per_minute = settings.max_renewals}};
    const storage::change_feed::subscription auth_follows{feed, auth};
    services::account_service account{{*parts.store, *parts.user_service, *parts.audit, parts.time},
                                      identity::throttle_options{}};
    services::audit_service audit{*parts.store, parts.time};
    telemetry::ingest ingest{{*parts.store, parts.devices, *parts.policies, *parts.audit, parts.time, bus},
                             {}};
    if (const auto restored = ingest.restore_limits(); !restored)
        return refuse(restored.error());
    const storage::change_feed::subscription limits_follow{feed, ingest};
    std::optional<simulator::simulator> simulated;
    std::optional<storage::change_feed::subscription> simulator_follows;
    if (settings.simulates()) {
        if (const auto begun = parts.device_service->begin_simulation(operator_at_the_shell("serve")); !begun)
            return refuse(begun.error());
        simulated.emplace(parts.devices, parts.time, simulation_seed,
                          [&ingest](std::vector<reading> readings) { ingest.simulate(std::move(readings)); });
        simulator_follows.emplace(feed, *simulated);
    }

    auto pools = std::make_unique<http::work_pools>(work_plan_of(settings));
    http::metrics* http_metrics = nullptr; // needs the routes, so it is created after them
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
         .live = live_hub,
         .retention_held_until = [&clocks] { return clocks.held_until(); },
         .release_retention = [&clocks](const services::caller& caller) { return clocks.release(caller); },
         .append_metrics =
             [&, &work = *pools](std::string& out) {
                 http_metrics->append_to(out);
                 append_ingest_metrics(out, ingest.counters());
                 append_refusal_metrics(out, ingest.refusals());
                 append_auth_metrics(out, auth.counters());
                 append_live_metrics(out, live_hub.counters());
                 append_alert_metrics(out, rule_engine.counters(), parts.alert_service->counters());
                 append_clock_metrics(out, clocks);
                 append_webhook_metrics(out, outbox_worker.counters(destination_kind::webhook));
                 append_queue_metrics(out, *parts.store, work, parts.devices);
             },
         .settings = {.application = settings.app_name,
                      .environment = settings.environment,
                      .registration = settings.registration,
                      .version = BREAKWATER_VERSION,
                      .base_path = settings.base_path,
                      .max_page_size = settings.max_page_size,
                      .max_batch_readings = settings.max_batch_readings,
                      .metrics_token = settings.metrics_token,
                      .security_contact = settings.security_contact,
                      .started_at = parts.time.now()}});
    http::metrics metrics{*routes};
    http_metrics = &metrics;
    const api::access access{{authenticator, *parts.audit, parts.time},
                             {settings.max_calls_of_user, settings.max_calls_of_admin}};
    auto server = http::server::listen(http_options(settings),
                                       {*routes, access, parts.time, parts.random, metrics, *pools});
    if (!server)
        return refuse({.code = server.error().code,
                       .detail = server.error().detail +
                                 " HOST and PORT (or --host and --port) set the address; port 0 picks a "
                                 "free port."});
    (*server)->start();
    print_addresses(settings, (*server)->port());

    auto housekeeper = std::make_unique<housekeeping>(
        housekeeping::dependencies{*parts.store, parts.devices, *parts.policies, *parts.alert_service, clocks,
                                   parts.time, parts.settings.log_retention});
    for (;;) {
        ingest.tick();
        parts.audit->tick();
        auth.tick();
        const auto signal = signals.wait(simulated ? simulated->step() : tick_interval);
        if (signal == signal_waiter::request::reload) {
            if (const auto reloaded = (*server)->reload_tls(); reloaded)
                log::write(log::level::info, "certificate reloaded");
            else
                log::write(log::level::error, "certificate not reloaded; the old one stays in use",
                           {{"detail", reloaded.error().detail}});
        } else if (signal == signal_waiter::request::stop) {
            break;
        }
    }
    log::write(log::level::info, "stopping: finishing accepted requests");
    housekeeper.reset();
    (*server)->stop();
    live_hub.stop(); // while the executors of the server still exist
    // Requests that outlast the shutdown deadline use the routes and the server: wait for them here.
    pools.reset();
    ingest.close();
    rule_engine.stop(); // after the last reading, so that it is still evaluated
    auth.close();
    parts.audit->close();
    log::write(log::level::info, "stopped");
    return 0;
}

} // namespace breakwater::app

#include "app/application.hpp"

#include "app/metrics_text.hpp"
#include "base/log.hpp"

#include <algorithm>
#include <limits>
#include <thread>
#include <utility>

namespace breakwater::app {

namespace {

constexpr std::chrono::seconds tick_interval{1};
constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

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

live::hub_options hub_options_of(const config& settings) {
    return {.max_sessions = settings.max_live_connections,
            .max_sessions_per_user = settings.max_live_connections_per_user,
            .token_lifetime = settings.access_lifetime + identity::token_settings::longest_leeway};
}

services::auth_settings auth_settings_of(const config& settings) {
    return {.bcrypt_cost = settings.bcrypt_cost,
            .device_bcrypt_cost = settings.device_bcrypt_cost,
            .session_max = settings.session_max,
            .refresh_grace = settings.refresh_grace,
            .demo_password_works = settings.allows_demo(),
            .registration = settings.registration,
            .max_sessions = settings.max_sessions,
            .renewals_per_minute = settings.max_renewals};
}

alerts::rule_engine::dependencies rule_dependencies(core& parts) {
    return {.devices = parts.devices,
            .policies = parts.policies,
            .time = parts.time,
            .ownership = *parts.store,
            .load_rules = [&parts] { return parts.alert_service.rules(); },
            .apply =
                [&parts](std::span<const rule_evaluation> evaluations) {
                    return parts.alert_service.apply(evaluations);
                },
            .load_alerts =
                [&parts](std::span<const device_id> devices) {
                    return storage::fetch(
                        *parts.store, [&](const storage::snapshot& view) -> result<std::vector<alert>> {
                            std::vector<alert> out;
                            for (const device_id& device : devices) {
                                auto live =
                                    view.alerts().list({.live = true, .device = device, .limit = all});
                                if (!live)
                                    return live;
                                std::ranges::move(*live, std::back_inserter(out));
                            }
                            return out;
                        });
                },
            .load_recent =
                [&parts](const device_id& device, timestamp since, std::size_t limit) {
                    return storage::fetch(*parts.store, [&](const storage::snapshot& view) {
                        return view.readings().page({.device_id = device, .since = since, .until = {}},
                                                    storage::reading_order::newest_first, {}, limit);
                    });
                }};
}

} // namespace

application::application(core& parts, events::event_bus& bus, identity::token_settings token_settings)
    : parts_{parts},
      bus_{bus},
      clocks_{{*parts.store, parts.audit, parts.time}},
      tokens_{std::move(token_settings), parts.time, parts.random},
      live_tickets_{*parts.store, tokens_.derived_key("live ticket"), parts.time, parts.random},
      authenticator_{*parts.store, tokens_, live_tickets_, parts.users, parts.devices},
      hub_{{parts.devices, parts.policies, authenticator_, live_tickets_, parts.audit, parts.time,
            parts.random},
           hub_options_of(parts.settings)},
      rules_{rule_dependencies(parts), {}},
      sender_{*parts.store,
              parts.time,
              {.user_agent = "Breakwater/" BREAKWATER_VERSION, .local = parts.settings.webhook_local_hosts}},
      outbox_{{*parts.store, *parts.store, parts.time, parts.random},
              {{.kind = destination_kind::webhook, .target = sender_.destination()}}},
      webhooks_{{.store = *parts.store,
                 .audit = parts.audit,
                 .time = parts.time,
                 .random = parts.random,
                 .local = parts.settings.webhook_local_hosts}},
      auth_{{*parts.store, parts.users, parts.devices, parts.audit, tokens_, parts.time, parts.random,
             [&parts](const device_id& id, const services::caller& caller) {
                 return parts.device_service.record_sign_in(id, caller);
             }},
            auth_settings_of(parts.settings)},
      account_{{*parts.store, parts.user_service, parts.audit, parts.time}, identity::throttle_options{}},
      audit_{*parts.store, parts.time},
      ingest_{{*parts.store, *parts.store, *parts.store, parts.devices, parts.policies, parts.audit,
               parts.time, bus},
              {}},
      hub_follows_{parts.store->feed(), hub_},
      rules_follow_{parts.store->feed(), rules_},
      outbox_follows_{parts.store->feed(), outbox_},
      auth_follows_{parts.store->feed(), auth_},
      ingest_follows_{parts.store->feed(), ingest_},
      rules_own_{parts.store->ownership_changes(), rules_},
      ingest_owns_{parts.store->ownership_changes(), ingest_},
      router_{api::make_router(handlers(), parts.settings.base_path)},
      metrics_{*router_},
      access_{{authenticator_, parts.audit, parts.time},
              {parts.settings.max_calls_of_user, parts.settings.max_calls_of_admin}},
      pools_{std::make_unique<http::work_pools>(work_plan_of(parts.settings))} {
    bus_.attach(hub_);
    bus_.attach(rules_);
}

application::~application() {
    housekeeping_.reset();
    if (server_)
        server_->stop();
    hub_.stop(); // while the executors of the server still exist
    // Requests that outlast the shutdown deadline use the routes and the server: wait for them here.
    pools_.reset();
    ingest_.close();
    rules_.stop(); // after the last reading, so that it is still evaluated
    auth_.close();
    parts_.audit.close();
}

result<void> application::start() {
    if (auto started = clocks_.start(); !started) // before the first event is recorded
        return started;
    if (auto started = start_rule_engine(); !started)
        return started;
    if (auto prepared = prepare_accounts(parts_); !prepared)
        return prepared;
    if (auto restored = ingest_.restore_limits(); !restored)
        return restored;
    if (parts_.settings.simulates())
        if (auto started = start_simulator(); !started)
            return started;
    auto listening = http::server::listen(http_options(parts_.settings),
                                          {*router_, access_, parts_.time, parts_.random, metrics_, *pools_});
    if (!listening)
        return std::unexpected(error{.code = listening.error().code,
                                     .detail = listening.error().detail +
                                               " HOST and PORT (or --host and --port) set the address; port "
                                               "0 picks a free port."});
    server_ = std::move(*listening);
    server_->start();
    housekeeping_.emplace(housekeeping::dependencies{*parts_.store, *parts_.store, parts_.devices,
                                                     parts_.policies, parts_.alert_service, clocks_,
                                                     parts_.time, parts_.settings.log_retention});
    return {};
}

/// Starts it with the stored alerts that are not resolved.
result<void> application::start_rule_engine() {
    const auto live = storage::fetch(*parts_.store, [](const storage::snapshot& view) {
        return view.alerts().list({.live = true, .limit = all});
    });
    if (!live)
        return std::unexpected(live.error());
    return rules_.start(*live);
}

result<void> application::start_simulator() {
    if (auto begun = parts_.device_service.begin_simulation(operator_at_the_shell("serve")); !begun)
        return begun;
    simulator_.emplace(parts_.devices, parts_.time, simulation_seed,
                       [this](std::vector<reading> readings) { ingest_.simulate(std::move(readings)); });
    simulator_follows_.emplace(parts_.store->feed(), *simulator_);
    return {};
}

application::ending application::run(signal_waiter& signals) {
    while (!parts_.store->must_reopen()) {
        ingest_.tick();
        parts_.audit.tick();
        auth_.tick();
        const bool simulates = simulator_ && parts_.store->holds(storage::lease::simulator);
        switch (signals.wait(simulates ? simulator_->step() : tick_interval)) {
        case signal_waiter::request::none: break;
        case signal_waiter::request::reload: reload_certificate(); break;
        case signal_waiter::request::stop: return ending::requested;
        }
    }
    return ending::replaced;
}

void application::reload_certificate() {
    if (const auto reloaded = server_->reload_tls(); reloaded)
        log::write(log::level::info, "certificate reloaded");
    else
        log::write(log::level::error, "certificate not reloaded; the old one stays in use",
                   {{"detail", reloaded.error().detail}});
}

void application::append_metrics(std::string& out) const {
    metrics_.append_to(out);
    append_ingest_metrics(out, ingest_.counters());
    append_refusal_metrics(out, ingest_.refusals());
    append_auth_metrics(out, auth_.counters());
    append_live_metrics(out, hub_.counters());
    append_alert_metrics(out, rules_.counters(), parts_.alert_service.counters());
    append_clock_metrics(out, clocks_);
    append_webhook_metrics(out, outbox_.counters(destination_kind::webhook));
    append_queue_metrics(out, *parts_.store, *pools_, parts_.devices);
}

api::handler_dependencies application::handlers() {
    core& parts = parts_;
    const config& settings = parts.settings;
    return {api::account::dependencies{account_},
            api::admin::dependencies{parts.user_service, audit_, clocks_},
            api::alerts::dependencies{parts.alert_service, parts.device_service},
            api::auth::dependencies{auth_, parts.user_service, tokens_, parts.audit, hub_},
            api::devices::dependencies{parts.device_service, parts.reading_service, parts.policy_service},
            api::events::dependencies{audit_, parts.device_service},
            api::invitations::dependencies{parts.invitation_service},
            api::policies::dependencies{parts.policy_service, parts.device_service, ingest_},
            api::readings::dependencies{parts.reading_service, ingest_, parts.time, settings.max_page_size,
                                        settings.max_batch_readings},
            api::system::dependencies{.store = *parts.store,
                                      .denials = parts.audit,
                                      .clocks = clocks_,
                                      .time = parts.time,
                                      .append_metrics = [this](std::string& out) { append_metrics(out); },
                                      .facts = {.application = settings.app_name,
                                                .environment = settings.environment,
                                                .registration = settings.registration,
                                                .version = BREAKWATER_VERSION,
                                                .metrics_token = settings.metrics_token,
                                                .security_contact = settings.security_contact,
                                                .started_at = parts.time.now()}},
            api::webhooks::dependencies{webhooks_}};
}

} // namespace breakwater::app

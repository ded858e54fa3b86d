#pragma once

#include "base/clock.hpp"
#include "http/websocket.hpp"
#include "services/account_service.hpp"
#include "services/alert_service.hpp"
#include "services/audit_service.hpp"
#include "services/auth_service.hpp"
#include "services/device_service.hpp"
#include "services/invitation_service.hpp"
#include "services/policy_service.hpp"
#include "services/reading_service.hpp"
#include "services/user_service.hpp"
#include "services/webhook_service.hpp"
#include "storage/audit_recorder.hpp"
#include "storage/database.hpp"
#include "telemetry/ingest.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

namespace breakwater::api {

struct api_settings {
    std::string application = "Breakwater";
    std::string environment = "local";
    registration_mode registration = registration_mode::open;
    std::string version;
    std::string base_path;                 ///< BASE_PATH
    std::size_t max_page_size = 100;       ///< of readings: MAX_READINGS_PAGE_SIZE
    std::size_t max_batch_readings = 1000; ///< MAX_BATCH_READINGS
    std::string metrics_token;             ///< empty: /metrics answers loopback addresses only
    std::string security_contact;          ///< a URI for /.well-known/security.txt
    timestamp started_at{};
};

/// What the handlers work with. All of it outlives the server.
struct api_parts {
    services::auth_service& auth;
    services::account_service& account;
    services::device_service& devices;
    services::user_service& users;
    services::invitation_service& invitations;
    services::reading_service& readings;
    services::policy_service& policies;
    services::audit_service& audit;
    services::alert_service& alerts;
    services::webhook_service& webhooks;
    storage::audit_recorder& denials;
    storage::database& store;
    telemetry::ingest& ingest;
    const services::token_service& tokens;
    const clock& time;
    /// The live connections' room: who answers at one, and a ticket to open one.
    std::function<std::unique_ptr<http::websocket_listener>(const http::request&)> open_live;
    std::function<result<std::string>(const http::principal&)> issue_live_ticket;
    std::chrono::seconds live_ticket_lifetime{0};
    /// Until when retention waits because the clock jumped, and an administrator's word that it is right.
    std::function<std::optional<timestamp>()> retention_held_until;
    std::function<result<void>(const services::caller&)> release_retention;
    /// Appends everything that is counted, in Prometheus' text format.
    std::function<void(std::string&)> append_metrics;
    api_settings settings;
};

} // namespace breakwater::api

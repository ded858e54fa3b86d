#pragma once

#include "audit/recorder.hpp"
#include "base/clock.hpp"
#include "live/hub.hpp"
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
    std::string metrics_token;             ///< empty: only loopback addresses may read /metrics
    std::string security_contact;          ///< a URI for /.well-known/security.txt
    timestamp started_at{};
};

/// The services and settings that the handlers use. Everything referenced here must outlive the server.
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
    audit::recorder& denials;
    storage::database& store;
    telemetry::ingest& ingest;
    const identity::token_service& tokens;
    const clock& time;
    live::hub& live;
    /// Until when retention is on hold because the clock jumped, and the administrator's release.
    std::function<std::optional<timestamp>()> retention_held_until;
    std::function<result<void>(const services::caller&)> release_retention;
    /// Appends all metrics, in Prometheus' text format.
    std::function<void(std::string&)> append_metrics;
    api_settings settings;
};

} // namespace breakwater::api

#pragma once

#include "audit/recorder.hpp"
#include "base/clock.hpp"
#include "http/message.hpp"
#include "services/auth_service.hpp"
#include "services/clock_watch.hpp"
#include "storage/maintenance.hpp"

#include <functional>
#include <string>

// Health, metrics and the security contact of the server. One handler per route.
namespace breakwater::api::system {

/// What the pages tell of the server.
struct server_facts {
    std::string application = "Breakwater";
    std::string environment = "local";
    registration_mode registration = registration_mode::open;
    std::string version;
    std::string metrics_token;    ///< empty: only loopback addresses may read /metrics
    std::string security_contact; ///< a URI for /.well-known/security.txt
    timestamp started_at{};
};

struct dependencies {
    storage::maintenance& store;
    breakwater::audit::recorder& denials;
    const services::clock_watch& clocks;
    const clock& time;
    /// Appends all metrics, in Prometheus' text format.
    std::function<void(std::string&)> append_metrics;
    server_facts facts;
};

http::response health(const dependencies& deps, const http::request& request);
http::response readiness(const dependencies& deps, const http::request& request);
http::response metrics(const dependencies& deps, const http::request& request);
http::response security_txt(const dependencies& deps, const http::request& request);

} // namespace breakwater::api::system

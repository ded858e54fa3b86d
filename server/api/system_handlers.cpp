#include "api/system_handlers.hpp"

#include "api/access.hpp"
#include "api/handler_support.hpp"
#include "base/encoding.hpp"
#include "base/time.hpp"
#include "crypto/digest.hpp"
#include "wire/health_dto.hpp"

#include <fmt/format.h>

namespace breakwater::api::system {

namespace {

bool is_loopback(std::string_view address) {
    return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

result<void> may_see_metrics(const dependencies& deps, const http::request& request) {
    const std::string& metrics_token = deps.facts.metrics_token;
    if (metrics_token.empty()) {
        // Behind a proxy on this machine every client looks local; the proxy's header shows otherwise.
        const bool is_forwarded = request.header("x-forwarded-for") || request.header("forwarded");
        if (is_loopback(request.client_address) && !is_forwarded)
            return {};
        return fail(
            errc::forbidden,
            "Only clients on the server's machine may read the metrics. Set METRICS_TOKEN to allow others.");
    }
    const auto token = bearer_token(request);
    if (token && crypto::equal_in_constant_time(as_bytes(*token), as_bytes(metrics_token)))
        return {};
    return fail(errc::unauthenticated, "The metrics token is required as a bearer token.");
}

} // namespace

http::response health(const dependencies& deps, const http::request&) {
    const timestamp now = deps.time.now();
    return json(wire::health_response{
        .application = deps.facts.application,
        .time = now,
        .environment = deps.facts.environment,
        .version = deps.facts.version,
        .uptime_seconds = std::chrono::floor<std::chrono::seconds>(now - deps.facts.started_at).count(),
        .registration = std::string{to_string(deps.facts.registration)},
        .retention_held_until = deps.clocks.held_until()});
}

http::response readiness(const dependencies& deps, const http::request&) {
    wire::readiness_response readiness;
    const auto checked = deps.store.check();
    const bool disk_full = !checked && checked.error().code == errc::storage_full;
    const bool database_ok = checked.has_value() || disk_full;
    readiness.checks.push_back(
        {.name = "database", .ok = database_ok, .detail = database_ok ? "" : checked.error().detail});
    readiness.checks.push_back(
        {.name = "disk", .ok = !disk_full, .detail = disk_full ? checked.error().detail : ""});
    if (!checked)
        readiness.status = "unavailable";
    http::response response = json(readiness, checked ? 200 : 503);
    if (!checked)
        response.headers.emplace_back("Retry-After", "5");
    return response;
}

http::response metrics(const dependencies& deps, const http::request& request) {
    if (const auto allowed = may_see_metrics(deps, request); !allowed) {
        const auto recorded = deps.denials.record_and_wait({.created_at = deps.time.now(),
                                                            .type = event_type::missing_authorization,
                                                            .status = event_status::denied,
                                                            .detail = allowed.error().detail,
                                                            .origin = origin_of(request)});
        return to_response(recorded ? allowed.error() : recorded.error(), request);
    }
    http::response response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    deps.append_metrics(response.body);
    return response;
}

/// RFC 9116. Each response computes `Expires` anew: while the server runs, its contact counts as current.
http::response security_txt(const dependencies& deps, const http::request&) {
    const timestamp day = std::chrono::floor<std::chrono::days>(deps.time.now());
    http::response response;
    response.content_type = "text/plain; charset=utf-8";
    response.body = fmt::format("Contact: {}\nExpires: {}\nPreferred-Languages: en\n",
                                deps.facts.security_contact, format_rfc3339(day + std::chrono::days{180}));
    return response;
}

} // namespace breakwater::api::system

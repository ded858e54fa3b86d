#include "api/system_handlers.hpp"

#include "api/access.hpp"
#include "api/dto/health_dto.hpp"
#include "api/handler_support.hpp"
#include "base/encoding.hpp"
#include "base/time.hpp"
#include "crypto/digest.hpp"

#include <fmt/format.h>

namespace breakwater::api::system {

namespace {

bool is_loopback(std::string_view address) {
    return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

result<void> may_see_metrics(const api_parts& with, const http::request& asked) {
    const std::string& wanted = with.settings.metrics_token;
    if (wanted.empty()) {
        // A proxy on this machine makes everybody look local, but for the field it adds.
        const bool forwarded = asked.header("x-forwarded-for") || asked.header("forwarded");
        if (is_loopback(asked.client_address) && !forwarded)
            return {};
        return fail(errc::forbidden,
                    "Metrics are for this machine only; set METRICS_TOKEN to open them to others.");
    }
    const auto shown = bearer_token(asked);
    if (shown && crypto::equal_in_constant_time(as_bytes(*shown), as_bytes(wanted)))
        return {};
    return fail(errc::unauthenticated, "The metrics token is required.");
}

} // namespace

http::response health(const api_parts& with, const http::request&) {
    const timestamp now = with.time.now();
    return json(dto::health_response{
        .application = with.settings.application,
        .time = now,
        .environment = with.settings.environment,
        .version = with.settings.version,
        .uptime_seconds = std::chrono::floor<std::chrono::seconds>(now - with.settings.started_at).count(),
        .registration = std::string{to_string(with.settings.registration)},
        .retention_held_until = with.retention_held_until()});
}

http::response readiness(const api_parts& with, const http::request&) {
    dto::readiness_response answer;
    const auto checked = with.store.check();
    const bool full = !checked && checked.error().code == errc::storage_full;
    const bool answers = checked.has_value() || full;
    answer.checks.push_back(
        {.name = "database", .ok = answers, .detail = answers ? "" : checked.error().detail});
    answer.checks.push_back({.name = "disk", .ok = !full, .detail = full ? checked.error().detail : ""});
    if (!checked)
        answer.status = "unavailable";
    http::response made = json(answer, checked ? 200 : 503);
    if (!checked)
        made.headers.emplace_back("Retry-After", "5");
    return made;
}

http::response metrics(const api_parts& with, const http::request& asked) {
    if (const auto allowed = may_see_metrics(with, asked); !allowed) {
        const auto recorded = with.denials.record_and_wait({.created_at = with.time.now(),
                                                            .type = event_type::missing_authorization,
                                                            .status = event_status::denied,
                                                            .detail = allowed.error().detail,
                                                            .origin = origin_of(asked)});
        return to_response(recorded ? allowed.error() : recorded.error(), asked);
    }
    http::response answer;
    answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
    with.append_metrics(answer.body);
    return answer;
}

/// RFC 9116. `Expires` is told anew at each request: a running server is somebody's to answer for.
http::response security_txt(const api_parts& with, const http::request&) {
    const timestamp day = std::chrono::floor<std::chrono::days>(with.time.now());
    http::response answer;
    answer.content_type = "text/plain; charset=utf-8";
    answer.body = fmt::format("Contact: {}\nExpires: {}\nPreferred-Languages: en\n",
                              with.settings.security_contact, format_rfc3339(day + std::chrono::days{180}));
    return answer;
}

} // namespace breakwater::api::system

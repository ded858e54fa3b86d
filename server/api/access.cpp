#include "api/access.hpp"

#include "api/error_mapping.hpp"
#include "api/path_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace breakwater::api {

http::requirement needs(identity::action what) {
    std::string_view scheme;
    switch (identity::token_for(what)) {
    case identity::token_kind::none: break;
    case identity::token_kind::access: scheme = "userBearer"; break;
    case identity::token_kind::device: scheme = "deviceBearer"; break;
    }
    const bool is_restricted = identity::permission_of(what).who == identity::audience::administrators;
    return {static_cast<std::uint16_t>(what), scheme, is_restricted ? "Administrators only." : ""};
}

std::optional<std::string_view> bearer_token(const http::request& request) noexcept {
    const auto field = request.header("authorization");
    constexpr std::string_view scheme = "bearer ";
    if (!field || field->size() <= scheme.size())
        return std::nullopt;
    const bool named = std::ranges::equal(field->substr(0, scheme.size()), scheme, [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b;
    });
    if (!named)
        return std::nullopt;
    const std::string_view token =
        field->substr(std::min(field->find_first_not_of(' ', scheme.size()), field->size()));
    return token.empty() ? std::nullopt : std::optional{token};
}

access::access(const dependencies& deps, const quotas& limits) : deps_{deps} {
    if (limits.calls_of_user > 0)
        calls_of_user_.emplace(deps.time, identity::per_minute(limits.calls_of_user));
    if (limits.calls_of_admin > 0)
        calls_of_admin_.emplace(deps.time, identity::per_minute(limits.calls_of_admin));
}

result<http::admission> access::admit(const http::requirement& needed, const http::request& request) const {
    const auto what = static_cast<identity::action>(needed.what);
    const identity::token_kind token_needed = identity::token_for(what);
    if (token_needed == identity::token_kind::none)
        return http::admission{};
    const auto token = bearer_token(request);
    if (!token)
        return fail(errc::unauthenticated, "Send a token as `Authorization: Bearer TOKEN`.");
    const bool is_device = token_needed == identity::token_kind::device;
    const auto principal = deps_.authenticator.authenticate(
        is_device ? identity::evidence{identity::device_token{*token}} : identity::access_token{*token});
    if (!principal)
        return std::unexpected(principal.error());
    // The service checks who owns the resource.
    if (!may(*principal, what, {.owner = principal->user}))
        return fail(errc::forbidden, "Only an administrator may do this. Ask an administrator.");
    if (!is_device)
        if (auto counted = count_call(*principal); !counted)
            return pass(std::move(counted));
    return http::admission{principal->user, *principal};
}

result<void> access::count_call(const identity::principal& principal) const {
    auto& calls = principal.role == role::admin ? calls_of_admin_ : calls_of_user_;
    if (!calls)
        return {};
    const std::string account = std::to_string(principal.user);
    const auto wait = calls->wait_for(account);
    if (!wait) {
        calls->take(account);
        return {};
    }
    const unsigned quota = calls->options().burst;
    return std::unexpected(
        error{.code = errc::rate_limited,
              .detail = fmt::format("The account made more than {} requests in a minute. Try again in {} s.",
                                    quota, wait->count()),
              .retry_after = wait,
              .limit = limit_info{.name = "calls", .quota = quota, .window = std::chrono::minutes{1}}});
}

result<void> access::still_admitted(const http::admission& caller) const {
    return deps_.authenticator.still_valid(caller.as<identity::principal>());
}

void access::record_refusal(const http::request& request, const error& failure, http::respond done) const {
    if (failure.code == errc::storage_unavailable) // says nothing about the caller
        return done(to_response(failure, request));
    security_event event{.created_at = deps_.time.now(),
                         .status = event_status::denied,
                         .detail = failure.detail,
                         .origin = {request.client_address, request.request_id, std::string{request.route}}};
    const auto token = bearer_token(request);
    if (!token) {
        event.type = event_type::missing_authorization;
    } else {
        deps_.authenticator.attribute(event, *token);
        event.type = failure.code == errc::unauthenticated ? event_type::jwt_invalid
                     : event.actor == actor_type::device   ? event_type::reading_reject
                     : failure.code == errc::rate_limited  ? event_type::call_rate_limit
                                                           : event_type::admin_forbidden;
    }
    // An exceeded quota concerns only the account, and a device's forbidden request only the device, whatever
    // the path names.
    if (event.type != event_type::call_rate_limit && event.type != event_type::reading_reject)
        if (auto target = path_target(request)) {
            const auto holder = std::exchange(event.target, std::move(target));
            if (holder)
                add_target(event, *holder);
        }
    deps_.audit.record(std::move(event),
                       [&request, failure, respond = std::move(done)](result<void> recorded) mutable {
                           respond(to_response(recorded ? failure : recorded.error(), request));
                       });
}

void access::record_early_refusal(std::string_view client_address, std::string_view reason) const {
    deps_.audit.record({.created_at = deps_.time.now(),
                        .type = event_type::request_refused,
                        .status = event_status::denied,
                        .detail = std::string{reason.substr(0, max_event_detail)},
                        .origin = {.source_address = std::string{client_address}}},
                       [](const result<void>&) {});
}

} // namespace breakwater::api

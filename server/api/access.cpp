#include "api/access.hpp"

#include "api/error_mapping.hpp"
#include "api/path_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace breakwater::api {

namespace {

std::unexpected<error> dead_token() {
    return fail(errc::unauthenticated, "The token is invalid, has expired or was revoked.");
}

} // namespace

std::optional<std::string_view> bearer_token(const http::request& asked) noexcept {
    const auto field = asked.header("authorization");
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

access::access(const parts& with, const quotas& chosen) : with_{with} {
    if (chosen.calls_of_user > 0)
        calls_of_user_.emplace(with.time, services::per_minute(chosen.calls_of_user));
    if (chosen.calls_of_admin > 0)
        calls_of_admin_.emplace(with.time, services::per_minute(chosen.calls_of_admin));
}

result<http::principal> access::person(std::string_view token) const {
    const auto claims = with_.tokens.verify_access(token);
    if (!claims)
        return dead_token();
    const auto known = with_.users.find(claims->user);
    if (!known || known->session_version != claims->session_version)
        return dead_token();
    return http::principal{.kind = http::principal::kind::person,
                           .user = claims->user,
                           .administrator = known->role == role::admin,
                           .version = known->session_version,
                           .session = claims->session,
                           .expires_at = claims->expires_at};
}

result<http::principal> access::device(std::string_view token) const {
    const auto claims = with_.tokens.verify_device(token);
    if (!claims)
        return dead_token();
    const auto known = with_.devices.find(claims->device);
    if (!known)
        return dead_token();
    // A genuine token of a blocked device is told why it no longer works; after a reactivation it is merely
    // old.
    if (known->status == device_status::blocked)
        return fail(errc::forbidden, "The device is blocked.");
    // One that is simulated never signed in, as far as is known: whoever has this token does so now.
    if (known->token_version != claims->token_version || known->simulated)
        return dead_token();
    return http::principal{.kind = http::principal::kind::device,
                           .user = known->owner,
                           .device = claims->device,
                           .version = known->token_version};
}

result<http::principal> access::admit(http::credential needed, const http::request& asked) const {
    if (needed == http::credential::none)
        return http::principal{};
    const auto token = bearer_token(asked);
    if (!token)
        return fail(errc::unauthenticated, "A bearer token is required.");
    if (needed == http::credential::device)
        return device(*token);
    auto found = person(*token);
    if (found && needed == http::credential::administrator && !found->administrator)
        return fail(errc::forbidden, "Only an administrator may do this.");
    if (found)
        if (auto counted = count_call(*found); !counted)
            return pass(std::move(counted));
    return found;
}

result<void> access::count_call(const http::principal& who) const {
    auto& calls = who.administrator ? calls_of_admin_ : calls_of_user_;
    if (!calls)
        return {};
    const std::string account = std::to_string(who.user);
    const auto wait = calls->wait_for(account);
    if (!wait) {
        calls->take(account);
        return {};
    }
    const unsigned quota = calls->options().burst;
    return std::unexpected(
        error{.code = errc::rate_limited,
              .detail = fmt::format("The account made more than {} calls in a minute. Try again in {} s.",
                                    quota, wait->count()),
              .retry_after = wait,
              .limit = limit_info{.name = "calls", .quota = quota, .window = std::chrono::minutes{1}}});
}

result<void> access::still_admitted(const http::principal& who) const {
    switch (who.kind) {
    case http::principal::kind::anonymous: return {};
    case http::principal::kind::person: {
        // A changed role counts the version up as well.
        const auto known = with_.users.find(who.user);
        return known && known->session_version == who.version ? result<void>{} : dead_token();
    }
    case http::principal::kind::device: {
        const auto known = with_.devices.find(who.device);
        return known && known->token_version == who.version ? result<void>{} : dead_token();
    }
    }
    return dead_token();
}

void access::attribute(security_event& refusal, std::string_view token) const {
    const auto holder = with_.tokens.holder_of(token);
    if (!holder)
        return;
    refusal.actor = holder->type;
    refusal.actor_id = holder->id;
    // The thing's own log has it, also where a row is about many.
    add_target(refusal,
               {holder->type == actor_type::device ? target_type::device : target_type::user, holder->id});
}

void access::refused(const http::request& asked, const error& why, http::respond done) const {
    security_event event{.created_at = with_.time.now(),
                         .status = event_status::denied,
                         .detail = why.detail,
                         .origin = {asked.client_address, asked.request_id, std::string{asked.route}}};
    const auto token = bearer_token(asked);
    if (!token) {
        event.type = event_type::missing_authorization;
    } else {
        attribute(event, *token);
        event.type = why.code == errc::unauthenticated   ? event_type::jwt_invalid
                     : event.actor == actor_type::device ? event_type::reading_reject
                     : why.code == errc::rate_limited    ? event_type::call_rate_limit
                                                         : event_type::admin_forbidden;
    }
    // What was too much were the account's calls, and what a device may not do is about it alone, whatever
    // was asked for.
    if (event.type != event_type::call_rate_limit && event.type != event_type::reading_reject)
        if (auto asked_for = path_target(asked)) {
            const auto holder = std::exchange(event.target, std::move(asked_for));
            if (holder)
                add_target(event, *holder);
        }
    with_.audit.record(std::move(event),
                       [&asked, why, answer = std::move(done)](result<void> recorded) mutable {
                           answer(to_response(recorded ? why : recorded.error(), asked));
                       });
}

void access::turned_away(std::string_view client_address, std::string_view reason) const {
    with_.audit.record({.created_at = with_.time.now(),
                        .type = event_type::request_refused,
                        .status = event_status::denied,
                        .detail = std::string{reason.substr(0, max_event_detail)},
                        .origin = {.source_address = std::string{client_address}}},
                       [](const result<void>&) {});
}

} // namespace breakwater::api

#include "services/account_service.hpp"

#include "crypto/password_hash.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace breakwater::services {

result<void> account_service::deny(const caller& caller, event_type type, std::string detail) {
    return deps_.audit.record_and_wait(event_of(caller, deps_.time.now(), type, event_status::denied,
                                                target_of(target_type::user, caller.principal.user),
                                                std::move(detail)));
}

result<std::vector<storage::live_session>> account_service::sessions(const caller& caller) {
    return storage::fetch(deps_.store, [&](const storage::snapshot& view) {
        return view.sessions().live(caller.principal.user, deps_.time.now());
    });
}

result<void> account_service::end_session(const uuid& session, const caller& caller) {
    const timestamp now = deps_.time.now();
    return changes_.write(
        event_type::session_end, fmt::format("Session {}", session.to_string()),
        target_of(target_type::session, session), caller, [&](storage::transaction& tx) -> result<void> {
            const auto live = tx.sessions().live(caller.principal.user, now);
            if (!live)
                return std::unexpected(live.error());
            if (std::ranges::find(*live, session, &storage::live_session::family) == live->end())
                return fail(errc::not_found, "Session not found. It may have ended already.");
            if (auto revoked = tx.sessions().revoke_family(session); !revoked)
                return revoked;
            if (auto published = tx.changes().publish(session_ended{session}); !published)
                return published;
            auto event = event_of(caller, now, event_type::session_end, event_status::success,
                                  target_of(target_type::session, session),
                                  fmt::format("Session {} ended.", session.to_string()));
            add_target(event, target_of(target_type::user, caller.principal.user));
            auto recorded = tx.audit().append(event);
            return recorded ? result<void>{} : pass(std::move(recorded));
        });
}

result<void> account_service::change_password(std::string_view current_password,
                                              std::string_view new_password, const caller& caller) {
    const std::string key = std::to_string(caller.principal.user);
    if (const auto wait = wrong_passwords_.wait_for(key)) {
        if (auto recorded = deny(caller, event_type::login_throttled, "Too many wrong current passwords.");
            !recorded)
            return recorded;
        return std::unexpected(
            error{.code = errc::rate_limited,
                  .detail = fmt::format("Too many wrong passwords. Try again in {} s.", wait->count()),
                  .retry_after = wait,
                  .limit = limit_info{.name = "failed_attempts",
                                      .quota = wrong_passwords_.options().free_failures,
                                      .window = wrong_passwords_.options().forgotten_after}});
    }
    const auto stored = storage::fetch(
        deps_.store, [&](const storage::snapshot& view) { return view.users().find(caller.principal.user); });
    if (!stored)
        return std::unexpected(stored.error());
    if (!*stored)
        return fail(errc::unauthenticated, "This account was deleted.");
    if (!crypto::verify_password(current_password, (*stored)->password_hash)) {
        wrong_passwords_.record_failure(key);
        if (auto recorded = deny(caller, event_type::user_update, "The current password was wrong.");
            !recorded)
            return recorded;
        return fail(errc::forbidden, "The current password is wrong. Check it and try again.");
    }
    wrong_passwords_.record_success(key);
    auto changed = deps_.users.update(
        caller.principal.user,
        {.email = std::nullopt, .password = std::string{new_password}, .role = std::nullopt}, caller);
    return changed ? result<void>{} : pass(std::move(changed));
}

} // namespace breakwater::services

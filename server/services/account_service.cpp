#include "services/account_service.hpp"

#include "crypto/password_hash.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace breakwater::services {

result<void> account_service::deny(const caller& who, event_type type, std::string detail) {
    return with_.audit.record_and_wait(event_of(who, with_.time.now(), type, event_status::denied,
                                                target_of(target_type::user, who.user), std::move(detail)));
}

result<std::vector<storage::live_session>> account_service::sessions(const caller& who) {
    return storage::ask(with_.store, [&](const storage::snapshot& view) {
        return view.sessions().live(who.user, with_.time.now());
    });
}

result<void> account_service::end_session(const uuid& session, const caller& who) {
    const timestamp now = with_.time.now();
    return changes_.write(
        event_type::session_end, fmt::format("Session {}", session.to_string()),
        target_of(target_type::session, session), who, [&](storage::transaction& tx) -> result<void> {
            const auto live = tx.sessions().live(who.user, now);
            if (!live)
                return std::unexpected(live.error());
            if (std::ranges::find(*live, session, &storage::live_session::family) == live->end())
                return fail(errc::not_found, "You have no such session.");
            if (auto revoked = tx.sessions().revoke_family(session); !revoked)
                return revoked;
            tx.after_commit([this, session] { session_ended_(session); });
            auto event = event_of(who, now, event_type::session_end, event_status::success,
                                  target_of(target_type::session, session),
                                  fmt::format("Session {} ended.", session.to_string()));
            add_target(event, target_of(target_type::user, who.user));
            auto recorded = tx.audit().append(event);
            return recorded ? result<void>{} : pass(std::move(recorded));
        });
}

result<void> account_service::change_password(std::string_view current, std::string_view next,
                                              const caller& who) {
    const std::string account = std::to_string(who.user);
    if (const auto wait = wrong_passwords_.wait_for(account)) {
        if (auto recorded = deny(who, event_type::login_throttled, "Too many wrong current passwords.");
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
    const auto known =
        storage::ask(with_.store, [&](const storage::snapshot& view) { return view.users().find(who.user); });
    if (!known)
        return std::unexpected(known.error());
    if (!*known)
        return fail(errc::unauthenticated, "The account no longer exists.");
    if (!crypto::verify_password(current, (*known)->password_hash)) {
        wrong_passwords_.failed(account);
        if (auto recorded = deny(who, event_type::user_update, "The current password was wrong."); !recorded)
            return recorded;
        return fail(errc::forbidden, "The current password is wrong.");
    }
    wrong_passwords_.succeeded(account);
    auto changed = with_.users.update(
        who.user, {.email = std::nullopt, .password = std::string{next}, .role = std::nullopt}, who);
    return changed ? result<void>{} : pass(std::move(changed));
}

} // namespace breakwater::services

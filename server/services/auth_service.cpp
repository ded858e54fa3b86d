#include "services/auth_service.hpp"

#include "base/encoding.hpp"
#include "base/ip_address.hpp"
#include "crypto/digest.hpp"
#include "crypto/password_hash.hpp"
#include "services/password_policy.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace breakwater::services {

namespace {

constexpr std::string_view wrong_login = "Invalid e-mail address or password.";
constexpr std::string_view wrong_device = "Invalid device id or secret.";
constexpr std::string_view dead_refresh = "The refresh token is invalid or has expired. Sign in again.";

std::string decoy(int cost, random_source& random) {
    auto hash = crypto::hash_password("decoy", cost, random);
    if (!hash)
        throw std::runtime_error{hash.error().detail};
    return std::move(*hash);
}

/// An event with the account as its actor, about the account and one of its sessions.
security_event event_of_session(const caller& caller, timestamp at, event_type type, event_status status,
                                user_id account, const uuid& session, std::string detail) {
    auto event = event_of(caller, at, type, status, target_of(target_type::user, account), std::move(detail));
    event.actor = actor_type::user;
    event.actor_id = std::to_string(account);
    add_target(event, target_of(target_type::session, session));
    return event;
}

/// Earlier builds stored the SHA-256 of the whole token, including its signature.
result<std::optional<storage::refresh_token>> find_refresh_token(const storage::session_store& sessions,
                                                                 std::string_view token) {
    auto stored = sessions.find(identity::token_service::refresh_identity(token));
    if (!stored || *stored)
        return stored;
    return sessions.find(crypto::sha256(as_bytes(token)));
}

} // namespace

auth_service::auth_service(const dependencies& deps, const auth_settings& settings)
    : deps_{deps},
      settings_{settings},
      cookies_{deps.tokens.derived_key("device cookie"), deps.users, deps.time, deps.random},
      identity_key_{deps.tokens.derived_key("what is tried at a sign-in")},
      decoy_hash_{decoy(settings.bcrypt_cost, deps.random)},
      routine_{deps.store,
               deps.time,
               {.window = std::chrono::hours{1},
                .max_windows_per_type = 20'000,
                .max_windows_per_network = 20'000}},
      login_by_account_{deps.time, settings.by_account},
      login_by_client_{deps.time, settings.by_client},
      login_by_address_{deps.time, settings.by_address},
      logins_by_address_{deps.time, settings.by_address_allowance},
      logins_by_account_{deps.time, settings.by_account_allowance},
      device_by_id_{deps.time, settings.by_account},
      device_secrets_{deps.time, deps.random, {.bcrypt_cost = settings.device_bcrypt_cost}},
      registrations_by_address_{deps.time, settings.registrations} {
    if (settings.renewals_per_minute > 0)
        renewals_.emplace(deps.time, identity::per_minute(settings.renewals_per_minute));
}

std::uint64_t auth_service::digest_of(std::string_view identity) const {
    const auto digest = crypto::hmac_sha256(identity_key_, as_bytes(identity));
    std::uint64_t out = 1; // never 0, which means that nobody tried to sign in
    for (std::size_t i = 0; i < sizeof out; ++i)
        out |= std::uint64_t{digest.at(i)} << (8 * i);
    return out;
}

result<void> auth_service::deny(const caller& caller, event_type type, std::optional<event_target> target,
                                std::string detail) {
    return deps_.audit.record_and_wait(
        event_of(caller, deps_.time.now(), type, event_status::denied, std::move(target), std::move(detail)));
}

std::optional<event_target> auth_service::account_of(std::string_view email) const {
    const auto id = deps_.users.find_id(email);
    return id ? std::optional{target_of(target_type::user, *id)} : std::nullopt;
}

std::unexpected<refused_admission> auth_service::refuse_login(std::string_view email, const caller& caller,
                                                              std::string_view cause,
                                                              std::chrono::seconds wait, limit_info limit) {
    ++counters_.login_throttled;
    const std::string subject = email.empty() ? std::string{"an account"} : fmt::format("account {}", email);
    return std::unexpected(refused_admission{
        .reason = {.code = errc::rate_limited,
                   .detail = fmt::format("Too many attempts to sign in. Try again in {} s.", wait.count()),
                   .retry_after = wait,
                   .limit = std::move(limit)},
        .event = event_of(caller, deps_.time.now(), event_type::login_throttled, event_status::denied,
                          account_of(email),
                          fmt::format("A sign-in to {} was refused: too many {}.", subject, cause))});
}

admission auth_service::check_failures(std::string_view email,
                                       const std::optional<identity::known_client>& client,
                                       const caller& caller) {
    const auto refuse = [&](std::string_view cause, std::chrono::seconds wait,
                            const identity::throttle_options& options) {
        return refuse_login(
            email, caller, cause, wait,
            {.name = "failed_attempts", .quota = options.free_failures, .window = options.forgotten_after});
    };
    if (client) {
        if (const auto wait = login_by_client_.wait_for(client->id.to_string()))
            return refuse("failed attempts of this known client", *wait, login_by_client_.options());
        return {};
    }
    if (const auto wait = login_by_account_.wait_for(email); wait && !email.empty())
        return refuse("failed attempts from clients that are not known", *wait, login_by_account_.options());
    if (const auto wait = login_by_address_.wait_for(caller.origin.source_address))
        return refuse("failed attempts from its address", *wait, login_by_address_.options());
    return {};
}

admission auth_service::admit_login(std::string_view email, std::string_view device_cookie,
                                    const caller& caller) {
    const auto client = cookies_.verify(device_cookie, email);
    if (auto open = check_failures(email, client, caller); !open)
        return open;
    const auto refuse = [&](std::string_view cause, std::chrono::seconds wait,
                            const identity::allowance_options& options) {
        return refuse_login(
            email, caller, cause, wait,
            {.name = "sign_ins",
             .quota = options.burst,
             .window = std::chrono::ceil<std::chrono::seconds>(options.refill * options.burst)});
    };
    if (client) {
        const std::string account = std::to_string(client->user);
        if (const auto wait = logins_by_account_.wait_for(account))
            return refuse("sign-ins from its known clients", *wait, logins_by_account_.options());
        logins_by_account_.take(account);
        return {};
    }
    if (const auto wait = logins_by_address_.wait_for(caller.origin.source_address))
        return refuse("sign-ins from its address", *wait, logins_by_address_.options());
    logins_by_address_.take(caller.origin.source_address);
    return {};
}

admission auth_service::admit_registration(const caller& caller) {
    // Counted before the hash, so that concurrent requests are all counted.
    const auto wait = registrations_by_address_.wait_for(caller.origin.source_address);
    if (!wait) {
        registrations_by_address_.record_failure(caller.origin.source_address);
        return {};
    }
    ++counters_.register_throttled;
    return std::unexpected(refused_admission{
        .reason = {.code = errc::rate_limited,
                   .detail = fmt::format("Too many registrations. Try again in {} s.", wait->count()),
                   .retry_after = wait,
                   .limit = limit_info{.name = "registrations",
                                       .quota = registrations_by_address_.options().free_failures,
                                       .window = registrations_by_address_.options().forgotten_after}},
        .event = event_of(caller, deps_.time.now(), event_type::register_throttled, event_status::denied,
                          std::nullopt,
                          fmt::format("Too many registrations from address {}.",
                                      client_network(caller.origin.source_address)))});
}

storage::refresh_token auth_service::record_of(std::string_view token, user_id user, const uuid& family,
                                               timestamp now, timestamp family_expires_at) const {
    return {.hash = identity::token_service::refresh_identity(token),
            .family = family,
            .user = user,
            .issued_at = now,
            .expires_at = std::min(now + deps_.tokens.settings().refresh_lifetime, family_expires_at),
            .family_expires_at = family_expires_at,
            .used_at = std::nullopt,
            .revoked = false};
}

result<void> auth_service::check_registration_open(std::string_view invitation_token, const caller& caller) {
    std::string_view reason;
    if (settings_.registration == registration_mode::closed)
        reason = "Registration is closed. Ask an administrator for an account.";
    else if (settings_.registration == registration_mode::invite && invitation_token.empty())
        reason = "Registration requires an invitation. Ask an administrator for one.";
    if (reason.empty())
        return {};
    if (auto recorded = deny(caller, event_type::register_account, std::nullopt, std::string{reason});
        !recorded)
        return recorded;
    return fail(errc::forbidden, std::string{reason});
}

result<std::optional<invitation>> auth_service::redeem(storage::transaction& tx, std::string_view email,
                                                       std::string_view token, timestamp now) const {
    if (token.empty())
        return std::nullopt;
    auto stored = tx.invitations().find(crypto::sha256(as_bytes(token)));
    if (!stored)
        return stored;
    // One message for all cases: a guess reveals nothing.
    if (!*stored || (*stored)->used_at || (*stored)->expires_at <= now ||
        (!(*stored)->email.empty() && (*stored)->email != email))
        return fail(errc::forbidden,
                    "The invitation is unknown, expired, used, or for another address. Ask for a new one.");
    if (auto used = tx.invitations().mark_used((*stored)->id, now); !used)
        return pass(std::move(used));
    return stored;
}

result<user> auth_service::register_account(std::string_view email, std::string_view password,
                                            std::string_view invitation_token, const caller& caller) {
    if (auto open = check_registration_open(invitation_token, caller); !open)
        return pass(std::move(open));
    if (auto allowed = check_new_password(password); !allowed)
        return pass(std::move(allowed));
    auto hash = crypto::hash_password(password, settings_.bcrypt_cost, deps_.random);
    if (!hash)
        return pass(std::move(hash));
    user added{
        .email = std::string{email}, .password_hash = std::move(*hash), .created_at = deps_.time.now()};
    auto stored = deps_.store.write([&](storage::transaction& tx) -> result<void> {
        const auto redeemed = redeem(tx, email, invitation_token, added.created_at);
        if (!redeemed)
            return std::unexpected(redeemed.error());
        if (*redeemed)
            added.role = (*redeemed)->role;
        const auto id = tx.users().insert(added);
        if (!id)
            return std::unexpected(id.error());
        added.id = *id;
        auto event = event_of(caller, added.created_at, event_type::register_account, event_status::success,
                              target_of(target_type::user, added.id),
                              fmt::format("Account {} registered{}.", added.email,
                                          *redeemed ? fmt::format(" as {} by invitation {}",
                                                                  to_string(added.role), (*redeemed)->id)
                                                    : ""));
        if (*redeemed)
            add_target(event, target_of(target_type::invitation, (*redeemed)->id));
        event.actor = actor_type::user;
        event.actor_id = std::to_string(added.id);
        if (auto recorded = tx.audit().append(event); !recorded)
            return pass(std::move(recorded));
        return tx.changes().publish(account_saved{added});
    });
    if (!stored) {
        if (stored.error().code == errc::bad_state || stored.error().code == errc::forbidden)
            if (auto recorded =
                    deny(caller, event_type::register_account, account_of(email),
                         stored.error().code == errc::bad_state ? "The e-mail address already has an account."
                                                                : stored.error().detail);
                !recorded)
                return pass(std::move(recorded));
        return pass(std::move(stored));
    }
    return added;
}

result<token_pair> auth_service::login(std::string_view email, std::string_view password,
                                       const caller& caller, std::string_view device_cookie) {
    // Checks once more right before the hash: at most as many attempts as there are hashing threads run
    // uncounted.
    const auto check_throttle = [&](const std::optional<identity::known_client>& known_as) -> result<void> {
        auto open = check_failures(email, known_as, caller);
        if (open)
            return {};
        if (auto recorded = deps_.audit.record_and_wait(std::move(open.error().event)); !recorded)
            return recorded;
        return std::unexpected(std::move(open.error().reason));
    };
    auto client = cookies_.verify(device_cookie, email);
    if (auto open = check_throttle(client); !open)
        return pass(std::move(open));

    std::optional<user> account;
    if (auto read_result = deps_.store.read([&](const storage::snapshot& view) -> result<void> {
            auto stored = view.users().find_by_email(email);
            if (!stored)
                return pass(std::move(stored));
            account = std::move(*stored);
            return {};
        });
        !read_result)
        return pass(std::move(read_result));

    // The address may belong to another account since the cookie was issued.
    if (client && (!account || account->id != client->user)) {
        client.reset();
        if (auto open = check_throttle(client); !open)
            return pass(std::move(open));
    }
    const bool demo_refused = !settings_.demo_password_works && password == demo_admin_password;
    const bool is_correct =
        crypto::verify_password(password, account ? account->password_hash : decoy_hash_) && !demo_refused;
    const auto refuse = [&]() -> result<token_pair> {
        ++counters_.wrong_password;
        if (client) {
            login_by_client_.record_failure(client->id.to_string());
        } else {
            login_by_account_.record_failure(email);
            login_by_address_.record_failure(caller.origin.source_address);
        }
        auto event = event_of(
            caller, deps_.time.now(), event_type::login, event_status::denied, account_of(email),
            demo_refused ? fmt::format("The demo password was refused for {}.", email)
                         : fmt::format("The password for {} was wrong, or there is no such account.", email));
        if (!client) // a known client probably mistyped
            event.attempted_identity = digest_of(email);
        if (auto recorded = deps_.audit.record_and_wait(std::move(event)); !recorded)
            return pass(std::move(recorded));
        return fail(errc::unauthenticated, std::string{wrong_login});
    };
    if (!account || !is_correct)
        return refuse();
    // The failures of other clients stay counted when a known client signs in.
    if (client)
        login_by_client_.record_success(client->id.to_string());
    else
        login_by_account_.record_success(email);
    // Only a client with the right password learns that the account is disabled.
    if (account->disabled_at) {
        if (auto recorded = deny(caller, event_type::login, target_of(target_type::user, account->id),
                                 fmt::format("The account {} is disabled.", email));
            !recorded)
            return pass(std::move(recorded));
        return fail(errc::forbidden, "This account is disabled. Ask an administrator to enable it.");
    }

    // The password is available now: hash it again when the configured cost has changed.
    std::string renewed_hash;
    if (crypto::cost_of(account->password_hash) != settings_.bcrypt_cost)
        if (auto hash = crypto::hash_password(password, settings_.bcrypt_cost, deps_.random))
            renewed_hash = std::move(*hash);

    const timestamp now = deps_.time.now();
    const uuid family = uuid::random(deps_.random);
    token_pair pair{deps_.tokens.issue_access(*account, family), deps_.tokens.issue_refresh(account->id)};
    bool is_stale = false;
    auto stored = deps_.store.write([&](storage::transaction& tx) -> result<void> {
        // The password may have changed during the check.
        auto current = tx.users().find(account->id);
        if (!current)
            return pass(std::move(current));
        // Compares the version, not the hash: another sign-in may have renewed the hash with the new cost.
        // Tokens of an older version are invalid.
        if (!*current || (*current)->session_version != account->session_version) {
            is_stale = true;
            return {};
        }
        if (!renewed_hash.empty()) {
            (*current)->password_hash = renewed_hash;
            if (auto updated = tx.users().update(**current); !updated)
                return updated;
        }
        if (auto ended = end_oldest_sessions(tx, account->id, now, caller); !ended)
            return ended;
        if (auto inserted = tx.sessions().insert(
                record_of(pair.refresh_token, account->id, family, now, now + settings_.session_max));
            !inserted)
            return inserted;
        auto event = event_of_session(caller, now, event_type::login, event_status::success, account->id,
                                      family, "Signed in.");
        event.attempted_identity = digest_of(email);
        if (auto recorded = tx.audit().append(event); !recorded)
            return pass(std::move(recorded));
        return {};
    });
    if (!stored)
        return pass(std::move(stored));
    if (is_stale)
        return refuse();
    pair.device_cookie = cookies_.issue(*account, client);
    return pair;
}

/// The successor of a used token, if the grace period still applies: soon after the use, and before the
/// successor was used. Only the successor's hash is stored, so it is issued again from the used token.
result<std::optional<std::string>> auth_service::successor_in_grace(const storage::session_store& sessions,
                                                                    const storage::refresh_token& used,
                                                                    std::string_view token,
                                                                    timestamp now) const {
    // The absolute difference: a clock that jumped must not extend the grace period.
    if (used.revoked || std::chrono::abs(now - *used.used_at) >= settings_.refresh_grace)
        return std::nullopt;
    std::string successor = deps_.tokens.issue_successor(used.user, token, *used.used_at);
    const auto stored = sessions.find(identity::token_service::refresh_identity(successor));
    if (!stored)
        return std::unexpected(stored.error());
    const bool is_unused = *stored && !(*stored)->used_at && !(*stored)->revoked &&
                           (*stored)->expires_at > now && (*stored)->family_expires_at > now;
    return is_unused ? std::optional{std::move(successor)} : std::nullopt;
}

result<token_pair> auth_service::refresh(std::string_view refresh_token, const caller& caller) {
    std::optional<event_target> account_target;
    const auto refuse = [&](std::string reason) -> result<token_pair> {
        auto event = event_of(caller, deps_.time.now(), event_type::refresh, event_status::denied,
                              account_target, std::move(reason));
        if (auto holder = deps_.tokens.holder_of(refresh_token)) {
            add_target(event, {target_type::user, holder->id});
            event.actor = holder->type;
            event.actor_id = std::move(holder->id);
        }
        if (auto recorded = deps_.audit.record_and_wait(std::move(event)); !recorded)
            return pass(std::move(recorded));
        return fail(errc::unauthenticated, std::string{dead_refresh});
    };
    const auto claims = deps_.tokens.verify_refresh(refresh_token);
    if (!claims)
        return refuse("A refresh token was forged, expired or malformed.");
    account_target = target_of(target_type::user, claims->user);

    const timestamp now = deps_.time.now();
    token_pair pair;
    std::string refusal; // the reason of a denial; a replay is recorded separately
    bool is_replay = false;
    bool is_repeated = false;                 // a replay of a family that is already revoked
    bool is_in_grace = false;                 // a replay within the grace period
    std::optional<std::chrono::seconds> wait; // until the account may renew again
    auto outcome = deps_.store.write([&](storage::transaction& tx) -> result<void> {
        auto stored_token = find_refresh_token(tx.sessions(), refresh_token);
        if (!stored_token)
            return pass(std::move(stored_token));
        if (!*stored_token || (*stored_token)->user != claims->user) {
            refusal = "A refresh token was unknown.";
            return {};
        }
        const storage::refresh_token& token = **stored_token;
        auto account = tx.users().find(token.user);
        if (!account)
            return pass(std::move(account));
        if (token.used_at) {
            auto successor = successor_in_grace(tx.sessions(), token, refresh_token, now);
            if (!successor)
                return pass(std::move(successor));
            if (*successor && *account && !(*account)->disabled_at) {
                is_in_grace = true;
                pair = {deps_.tokens.issue_access(**account, token.family), std::move(**successor)};
                return {};
            }
            is_replay = true;
            if (token.revoked) {
                is_repeated = true;
                return {};
            }
            if (auto revoked = tx.sessions().revoke_family(token.family); !revoked)
                return revoked;
            if (auto published = tx.changes().publish(session_ended{token.family}); !published)
                return published;
            const auto event = event_of_session(
                caller, now, event_type::refresh_reuse, event_status::denied, token.user, token.family,
                "A refresh token was used twice. All sessions of its sign-in were revoked.");
            if (auto recorded = tx.audit().append(event); !recorded)
                return pass(std::move(recorded));
            return {};
        }
        if (token.revoked || token.expires_at <= now || token.family_expires_at <= now || !*account ||
            (*account)->disabled_at) {
            refusal = token.revoked ? "A refresh token was revoked." : "A refresh token had expired.";
            return {};
        }
        // Charged for live tokens only: a client with a dead token must not use up the owner's allowance.
        if (renewals_) {
            wait = renewals_->wait_for(std::to_string(token.user));
            if (wait)
                return {};
            renewals_->take(std::to_string(token.user));
        }
        pair = {deps_.tokens.issue_access(**account, token.family),
                deps_.tokens.issue_successor(token.user, refresh_token, now)};
        if (auto marked = tx.sessions().mark_used(token.hash, now); !marked)
            return marked;
        if (auto inserted = tx.sessions().insert(
                record_of(pair.refresh_token, token.user, token.family, now, token.family_expires_at));
            !inserted)
            return inserted;
        const auto event = event_of_session(caller, now, event_type::refresh, event_status::success,
                                            token.user, token.family, "Session renewed.");
        if (auto recorded = tx.audit().append(event); !recorded)
            return pass(std::move(recorded));
        return {};
    });
    if (!outcome)
        return pass(std::move(outcome));
    if (is_replay) {
        ++counters_.refresh_reuse;
        // The first replay has its own event, with the revocation. Further ones change nothing, and a client
        // with the dead token could fill the log with them: the recorder counts them like other denials.
        if (is_repeated)
            if (auto recorded = deny(caller, event_type::refresh_reuse, account_target,
                                     "A used refresh token of a revoked session was sent again.");
                !recorded)
                return pass(std::move(recorded));
        return fail(errc::unauthenticated, std::string{dead_refresh});
    }
    if (!refusal.empty())
        return refuse(std::move(refusal));
    if (wait)
        return refuse_renewal(claims->user, *wait, caller);
    if (is_in_grace) {
        auto event =
            event_of(caller, now, event_type::refresh, event_status::success, account_target,
                     "A refresh token was used again in the grace period and returned the same successor.");
        event.actor = actor_type::user;
        event.actor_id = std::to_string(claims->user);
        if (auto recorded = routine_.record_and_wait(std::move(event)); !recorded)
            return pass(std::move(recorded));
    }
    return pair;
}

result<token_pair> auth_service::refuse_renewal(user_id user, std::chrono::seconds wait,
                                                const caller& caller) {
    security_event event =
        event_of(caller, deps_.time.now(), event_type::call_rate_limit, event_status::denied,
                 target_of(target_type::user, user), "Too many session renewals.");
    event.actor = actor_type::user;
    event.actor_id = std::to_string(user);
    if (auto recorded = deps_.audit.record_and_wait(std::move(event)); !recorded)
        return pass(std::move(recorded));
    return std::unexpected(error{
        .code = errc::rate_limited,
        .detail = fmt::format("Too many session renewals. Try again in {} s.", wait.count()),
        .retry_after = wait,
        .limit = limit_info{
            .name = "renewals", .quota = settings_.renewals_per_minute, .window = std::chrono::minutes{1}}});
}

result<void> auth_service::end_oldest_sessions(storage::transaction& tx, user_id user, timestamp now,
                                               const caller& caller) {
    if (settings_.max_sessions == 0)
        return {};
    const auto live = tx.sessions().live(user, now);
    if (!live)
        return std::unexpected(live.error());
    for (auto at = static_cast<std::size_t>(settings_.max_sessions) - 1; at < live->size(); ++at) {
        const uuid& family = (*live)[at].family;
        if (auto revoked = tx.sessions().revoke_family(family); !revoked)
            return revoked;
        if (auto published = tx.changes().publish(session_ended{family}); !published)
            return published;
        const auto event =
            event_of_session(caller, now, event_type::logout, event_status::success, user, family,
                             fmt::format("The oldest session ended: the limit is {} sessions for an account.",
                                         settings_.max_sessions));
        if (auto recorded = tx.audit().append(event); !recorded)
            return pass(std::move(recorded));
    }
    return {};
}

result<void> auth_service::logout(std::string_view refresh_token, const caller& caller) {
    const timestamp now = deps_.time.now();
    const bool is_genuine = deps_.tokens.verify_refresh(refresh_token).has_value();
    enum class outcome : std::uint8_t { done, dead, foreign } result_kind = outcome::dead;
    user_id owner = caller.principal.user;
    auto stored = deps_.store.write([&](storage::transaction& tx) -> result<void> {
        if (!is_genuine)
            return {};
        auto token = find_refresh_token(tx.sessions(), refresh_token);
        if (!token)
            return pass(std::move(token));
        if (!*token || (*token)->revoked || (*token)->used_at || (*token)->expires_at <= now)
            return {};
        owner = (*token)->user;
        if (owner != caller.principal.user) {
            result_kind = outcome::foreign;
            return {};
        }
        result_kind = outcome::done;
        if (auto revoked = tx.sessions().revoke_family((*token)->family); !revoked)
            return revoked;
        if (auto published = tx.changes().publish(session_ended{(*token)->family}); !published)
            return published;
        auto recorded =
            tx.audit().append(event_of_session(caller, now, event_type::logout, event_status::success,
                                               caller.principal.user, (*token)->family, "Signed out."));
        return recorded ? result<void>{} : pass(std::move(recorded));
    });
    if (!stored || result_kind == outcome::done)
        return stored;
    if (auto recorded =
            deny(caller, event_type::logout, target_of(target_type::user, owner),
                 result_kind == outcome::foreign ? "The refresh token belongs to another user."
                                                 : "The refresh token has expired, was used or was revoked.");
        !recorded)
        return recorded;
    if (result_kind == outcome::foreign)
        return fail(errc::forbidden, "The refresh token belongs to another user.");
    return fail(errc::bad_state,
                "The refresh token has expired, was used or was revoked. Send the latest one.");
}

result<std::string> auth_service::authenticate_device(const device_id& id, std::string_view secret,
                                                      const caller& caller) {
    const std::string name = id.to_string();
    std::optional<device> stored;
    std::optional<credential> device_secret;
    if (auto read_result = deps_.store.read([&](const storage::snapshot& view) -> result<void> {
            auto row = view.devices().find(id);
            if (!row)
                return pass(std::move(row));
            auto secrets = view.credentials().of(id, credential_kind::device_secret);
            if (!secrets)
                return pass(std::move(secrets));
            stored = std::move(*row);
            if (!secrets->empty() && !secrets->front().has_expired(deps_.time.now()))
                device_secret = std::move(secrets->front());
            return {};
        });
        !read_result)
        return pass(std::move(read_result));

    // The secret is checked first: the right one is accepted however many wrong ones came before.
    const auto wait = device_by_id_.wait_for(name);
    const auto verdict = device_secrets_.check(
        id, device_secret.transform([](const credential& item) { return item.verifier; }), secret,
        caller.origin.source_address);
    const auto device_event = [&](event_type type, event_status status, std::string detail) {
        auto event = event_of(caller, deps_.time.now(), type, status, target_of(target_type::device, id),
                              std::move(detail));
        if (stored) {
            event.actor = actor_type::device;
            event.actor_id = name;
        }
        return event;
    };
    const auto deny_device = [&](event_type type, std::string detail, error reason) -> result<std::string> {
        auto event = device_event(type, event_status::denied, std::move(detail));
        if (verdict != identity::device_secrets::verdict::right)
            event.attempted_identity = digest_of(name);
        if (auto recorded = deps_.audit.record_and_wait(std::move(event)); !recorded)
            return pass(std::move(recorded));
        return std::unexpected(std::move(reason));
    };
    if (verdict != identity::device_secrets::verdict::right) {
        if (wait || verdict == identity::device_secrets::verdict::unpaid) {
            ++counters_.device_throttled;
            const auto retry_after = wait.value_or(std::chrono::seconds{1});
            return deny_device(
                event_type::device_auth_throttled,
                fmt::format("Too many failed attempts for device {}.", name),
                {.code = errc::rate_limited,
                 .detail = fmt::format("Too many failed attempts. Try again in {} s.", retry_after.count()),
                 .retry_after = retry_after,
                 .limit = limit_info{.name = "failed_attempts",
                                     .quota = device_by_id_.options().free_failures,
                                     .window = device_by_id_.options().forgotten_after}});
        }
        ++counters_.wrong_secret;
        device_by_id_.record_failure(name);
        return deny_device(event_type::device_auth,
                           stored ? fmt::format("The secret for device {} was wrong.", name)
                                  : fmt::format("There is no device {}.", name),
                           {.code = errc::unauthenticated, .detail = std::string{wrong_device}});
    }
    device_by_id_.record_success(name);
    if (stored->status == device_status::blocked)
        return deny_device(
            event_type::device_auth, "The device is blocked.",
            {.code = errc::forbidden,
             .detail = "The device is blocked. Ask its owner or an administrator to release it."});
    if (!stored->signed_in_at)
        if (auto recorded = deps_.first_sign_in(id, caller); !recorded)
            return pass(std::move(recorded));
    if (auto recorded = routine_.record_and_wait(
            device_event(event_type::device_auth, event_status::success, "Device token issued."));
        !recorded)
        return pass(std::move(recorded));
    record_use(*device_secret);
    return deps_.tokens.issue_device(*stored);
}

void auth_service::record_use(const credential& used) {
    constexpr std::chrono::hours precision{1};
    const timestamp now = deps_.time.now();
    if (used.last_used_at && now - *used.last_used_at < precision && now >= *used.last_used_at)
        return;
    // The sign-in need not wait for it.
    deps_.store.write_async(
        [id = used.id, now](storage::transaction& tx) { return tx.credentials().record_use(id, now); },
        [](const result<void>&) {});
}

auth_counters auth_service::counters() const noexcept {
    return {counters_.wrong_password,  counters_.login_throttled,  counters_.refresh_reuse,
            counters_.wrong_secret,    counters_.device_throttled, counters_.register_throttled,
            device_secrets_.counters()};
}

void auth_service::follow(const change& committed) {
    if (const auto* removed = std::get_if<device_removed>(&committed))
        device_secrets_.forget(removed->id);
}

} // namespace breakwater::services

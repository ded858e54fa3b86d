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

constexpr std::string_view wrong_login = "Invalid email or password.";
constexpr std::string_view wrong_device = "Invalid device id or secret.";
constexpr std::string_view dead_refresh = "The refresh token is invalid or has expired.";

std::string decoy(int cost, random_source& random) {
    auto hash = crypto::hash_password("decoy", cost, random);
    if (!hash)
        throw std::runtime_error{hash.error().detail};
    return std::move(*hash);
}

/// Tokens of earlier builds are stored by the SHA-256 of all of them, signature included.
/// By an account, about it and one of its sessions.
security_event event_of_session(const caller& who, timestamp at, event_type type, event_status status,
                                user_id account, const uuid& session, std::string detail) {
    auto event = event_of(who, at, type, status, target_of(target_type::user, account), std::move(detail));
    event.actor = actor_type::user;
    event.actor_id = std::to_string(account);
    add_target(event, target_of(target_type::session, session));
    return event;
}

result<std::optional<storage::refresh_token>> find_refresh_token(const storage::session_store& sessions,
                                                                 std::string_view token) {
    auto known = sessions.find(token_service::refresh_identity(token));
    if (!known || *known)
        return known;
    return sessions.find(crypto::sha256(as_bytes(token)));
}

} // namespace

auth_service::auth_service(const parts& with, const auth_settings& chosen, session_observer session_ended)
    : with_{with},
      settings_{chosen},
      session_ended_{std::move(session_ended)},
      cookies_{with.tokens.derived_key("device cookie"), with.users, with.time, with.random},
      tried_key_{with.tokens.derived_key("what is tried at a sign-in")},
      decoy_hash_{decoy(chosen.bcrypt_cost, with.random)},
      routine_{with.store,
               with.time,
               {.window = std::chrono::hours{1}, .max_open_of_type = 20'000, .max_open_of_network = 20'000}},
      login_by_account_{with.time, chosen.by_account},
      login_by_client_{with.time, chosen.by_client},
      login_by_address_{with.time, chosen.by_address},
      logins_by_address_{with.time, chosen.by_address_allowance},
      logins_by_account_{with.time, chosen.by_account_allowance},
      device_by_id_{with.time, chosen.by_account},
      device_secrets_{with.time, with.random, {.bcrypt_cost = chosen.device_bcrypt_cost}},
      registrations_by_address_{with.time, chosen.registrations} {
    if (chosen.renewals_per_minute > 0)
        renewals_.emplace(with.time, per_minute(chosen.renewals_per_minute));
}

std::uint64_t auth_service::digest_of(std::string_view tried) const {
    const auto digest = crypto::hmac_sha256(tried_key_, as_bytes(tried));
    std::uint64_t out = 1; // never 0, which means that nothing was tried
    for (std::size_t i = 0; i < sizeof out; ++i)
        out |= std::uint64_t{digest.at(i)} << (8 * i);
    return out;
}

result<void> auth_service::deny(const caller& who, event_type type, std::optional<event_target> target,
                                std::string detail) {
    return with_.audit.record_and_wait(
        event_of(who, with_.time.now(), type, event_status::denied, std::move(target), std::move(detail)));
}

std::optional<event_target> auth_service::account_of(std::string_view email) const {
    const auto known = with_.users.find_id(email);
    return known ? std::optional{target_of(target_type::user, *known)} : std::nullopt;
}

std::unexpected<refused_admission> auth_service::refuse_login(std::string_view email, const caller& who,
                                                              std::string_view what,
                                                              std::chrono::seconds wait, limit_info limit) {
    ++counted_.login_throttled;
    const std::string of = email.empty() ? std::string{"an account"} : fmt::format("account {}", email);
    return std::unexpected(refused_admission{
        .why = {.code = errc::rate_limited,
                .detail = fmt::format("Too many attempts to sign in. Try again in {} s.", wait.count()),
                .retry_after = wait,
                .limit = std::move(limit)},
        .event = event_of(who, with_.time.now(), event_type::login_throttled, event_status::denied,
                          account_of(email), fmt::format("Sign-in to {} refused: too many {}.", of, what))});
}

admission auth_service::check_failures(std::string_view email, const std::optional<known_client>& client,
                                       const caller& who) {
    const auto refuse = [&](std::string_view what, std::chrono::seconds wait, const throttle_options& of) {
        return refuse_login(
            email, who, what, wait,
            {.name = "failed_attempts", .quota = of.free_failures, .window = of.forgotten_after});
    };
    if (client) {
        if (const auto wait = login_by_client_.wait_for(client->id.to_string()))
            return refuse("failed attempts of this known client", *wait, login_by_client_.options());
        return {};
    }
    if (const auto wait = login_by_account_.wait_for(email); wait && !email.empty())
        return refuse("failed attempts from clients that are not known", *wait, login_by_account_.options());
    if (const auto wait = login_by_address_.wait_for(who.origin.source_address))
        return refuse("failed attempts from its address", *wait, login_by_address_.options());
    return {};
}

admission auth_service::admit_login(std::string_view email, std::string_view device_cookie,
                                    const caller& who) {
    const auto client = cookies_.verify(device_cookie, email);
    if (auto open = check_failures(email, client, who); !open)
        return open;
    const auto refuse = [&](std::string_view what, std::chrono::seconds wait, const allowance_options& of) {
        return refuse_login(email, who, what, wait,
                            {.name = "sign_ins",
                             .quota = of.burst,
                             .window = std::chrono::ceil<std::chrono::seconds>(of.refill * of.burst)});
    };
    if (client) {
        const std::string account = std::to_string(client->user);
        if (const auto wait = logins_by_account_.wait_for(account))
            return refuse("sign-ins from its known clients", *wait, logins_by_account_.options());
        logins_by_account_.take(account);
        return {};
    }
    if (const auto wait = logins_by_address_.wait_for(who.origin.source_address))
        return refuse("sign-ins from its address", *wait, logins_by_address_.options());
    logins_by_address_.take(who.origin.source_address);
    return {};
}

admission auth_service::admit_registration(const caller& who) {
    // Counted before the hash, so that of many at once none gets in uncounted.
    const auto wait = registrations_by_address_.wait_for(who.origin.source_address);
    if (!wait) {
        registrations_by_address_.failed(who.origin.source_address);
        return {};
    }
    ++counted_.register_throttled;
    return std::unexpected(refused_admission{
        .why = {.code = errc::rate_limited,
                .detail = fmt::format("Too many registrations. Try again in {} s.", wait->count()),
                .retry_after = wait,
                .limit = limit_info{.name = "registrations",
                                    .quota = registrations_by_address_.options().free_failures,
                                    .window = registrations_by_address_.options().forgotten_after}},
        .event = event_of(who, with_.time.now(), event_type::register_throttled, event_status::denied,
                          std::nullopt,
                          fmt::format("Too many registrations from address {}.",
                                      client_network(who.origin.source_address)))});
}

storage::refresh_token auth_service::record_of(std::string_view token, user_id user, const uuid& family,
                                               timestamp now, timestamp family_expires_at) const {
    return {.hash = token_service::refresh_identity(token),
            .family = family,
            .user = user,
            .issued_at = now,
            .expires_at = std::min(now + with_.tokens.settings().refresh_lifetime, family_expires_at),
            .family_expires_at = family_expires_at,
            .used_at = std::nullopt,
            .revoked = false};
}

result<void> auth_service::check_registration_open(std::string_view invitation_token, const caller& who) {
    std::string_view why;
    if (settings_.registration == registration_mode::closed)
        why = "Registration is closed. Ask an administrator for an account.";
    else if (settings_.registration == registration_mode::invite && invitation_token.empty())
        why = "Registration wants an invitation. Ask an administrator for one.";
    if (why.empty())
        return {};
    if (auto recorded = deny(who, event_type::register_account, std::nullopt, std::string{why}); !recorded)
        return recorded;
    return fail(errc::forbidden, std::string{why});
}

result<std::optional<invitation>> auth_service::redeem(storage::transaction& tx, std::string_view email,
                                                       std::string_view token, timestamp now) const {
    if (token.empty())
        return std::nullopt;
    auto known = tx.invitations().find(crypto::sha256(as_bytes(token)));
    if (!known)
        return known;
    // One sentence for all: whoever guesses learns nothing.
    if (!*known || (*known)->used_at || (*known)->expires_at <= now ||
        (!(*known)->email.empty() && (*known)->email != email))
        return fail(errc::forbidden,
                    "The invitation is unknown, has expired, was used, or is for another address.");
    if (auto used = tx.invitations().mark_used((*known)->id, now); !used)
        return pass(std::move(used));
    return known;
}

result<user> auth_service::register_account(std::string_view email, std::string_view password,
                                            std::string_view invitation_token, const caller& who) {
    if (auto open = check_registration_open(invitation_token, who); !open)
        return pass(std::move(open));
    if (auto allowed = check_new_password(password); !allowed)
        return pass(std::move(allowed));
    auto hash = crypto::hash_password(password, settings_.bcrypt_cost, with_.random);
    if (!hash)
        return pass(std::move(hash));
    user added{
        .email = std::string{email}, .password_hash = std::move(*hash), .created_at = with_.time.now()};
    auto stored = with_.store.write([&](storage::transaction& tx) -> result<void> {
        const auto invited = redeem(tx, email, invitation_token, added.created_at);
        if (!invited)
            return std::unexpected(invited.error());
        if (*invited)
            added.role = (*invited)->role;
        const auto id = tx.users().insert(added);
        if (!id)
            return std::unexpected(id.error());
        added.id = *id;
        auto event = event_of(who, added.created_at, event_type::register_account, event_status::success,
                              target_of(target_type::user, added.id),
                              fmt::format("Account {} registered{}.", added.email,
                                          *invited ? fmt::format(" as {} by invitation {}",
                                                                 to_string(added.role), (*invited)->id)
                                                   : ""));
        if (*invited)
            add_target(event, target_of(target_type::invitation, (*invited)->id));
        event.actor = actor_type::user;
        event.actor_id = std::to_string(added.id);
        if (auto recorded = tx.audit().append(event); !recorded)
            return pass(std::move(recorded));
        tx.after_commit([this, added] { with_.users.put(added); });
        return {};
    });
    if (!stored) {
        if (stored.error().code == errc::bad_state || stored.error().code == errc::forbidden)
            if (auto recorded = deny(who, event_type::register_account, account_of(email),
                                     stored.error().code == errc::bad_state ? "Address already registered."
                                                                            : stored.error().detail);
                !recorded)
                return pass(std::move(recorded));
        return pass(std::move(stored));
    }
    return added;
}

result<token_pair> auth_service::login(std::string_view email, std::string_view password, const caller& who,
                                       std::string_view device_cookie) {
    // Once more, right before the hash: no more attempts overtake the count than there are threads for them.
    const auto slowed = [&](const std::optional<known_client>& as) -> result<void> {
        auto open = check_failures(email, as, who);
        if (open)
            return {};
        if (auto recorded = with_.audit.record_and_wait(std::move(open.error().event)); !recorded)
            return recorded;
        return std::unexpected(std::move(open.error().why));
    };
    auto client = cookies_.verify(device_cookie, email);
    if (auto open = slowed(client); !open)
        return pass(std::move(open));

    std::optional<user> account;
    if (auto found = with_.store.read([&](const storage::snapshot& view) -> result<void> {
            auto known = view.users().find_by_email(email);
            if (!known)
                return pass(std::move(known));
            account = std::move(*known);
            return {};
        });
        !found)
        return pass(std::move(found));

    // The address may have become another account's since.
    if (client && (!account || account->id != client->user)) {
        client.reset();
        if (auto open = slowed(client); !open)
            return pass(std::move(open));
    }
    const bool demo_refused = !settings_.demo_password_works && password == demo_admin_password;
    const bool right =
        crypto::verify_password(password, account ? account->password_hash : decoy_hash_) && !demo_refused;
    const auto refuse = [&]() -> result<token_pair> {
        ++counted_.wrong_password;
        if (client) {
            login_by_client_.failed(client->id.to_string());
        } else {
            login_by_account_.failed(email);
            login_by_address_.failed(who.origin.source_address);
        }
        auto event =
            event_of(who, with_.time.now(), event_type::login, event_status::denied, account_of(email),
                     demo_refused ? fmt::format("The demo password was refused for {}.", email)
                                  : fmt::format("Failed login for {}.", email));
        if (!client) // a known one mistyped
            event.tried = digest_of(email);
        if (auto recorded = with_.audit.record_and_wait(std::move(event)); !recorded)
            return pass(std::move(recorded));
        return fail(errc::unauthenticated, std::string{wrong_login});
    };
    if (!account || !right)
        return refuse();
    // What others do to the account stays counted when a known client gets in.
    if (client)
        login_by_client_.succeeded(client->id.to_string());
    else
        login_by_account_.succeeded(email);
    // Only whoever knows the password hears of it.
    if (account->disabled_at) {
        if (auto recorded = deny(who, event_type::login, target_of(target_type::user, account->id),
                                 fmt::format("The account {} is disabled.", email));
            !recorded)
            return pass(std::move(recorded));
        return fail(errc::forbidden, "This account is disabled. An administrator can enable it again.");
    }

    // A stored hash follows the configured cost, once its password is at hand.
    std::string renewed_hash;
    if (crypto::cost_of(account->password_hash) != settings_.bcrypt_cost)
        if (auto hash = crypto::hash_password(password, settings_.bcrypt_cost, with_.random))
            renewed_hash = std::move(*hash);

    const timestamp now = with_.time.now();
    const uuid family = uuid::random(with_.random);
    token_pair pair{with_.tokens.issue_access(*account, family), with_.tokens.issue_refresh(account->id)};
    bool gone = false;
    auto stored = with_.store.write([&](storage::transaction& tx) -> result<void> {
        // The password may have changed while it was being checked.
        auto current = tx.users().find(account->id);
        if (!current)
            return pass(std::move(current));
        // (Its hash alone may have: by another login that renewed the cost. Tokens of an older version are
        // dead.)
        if (!*current || (*current)->session_version != account->session_version) {
            gone = true;
            return {};
        }
        if (!renewed_hash.empty()) {
            (*current)->password_hash = renewed_hash;
            if (auto updated = tx.users().update(**current); !updated)
                return updated;
        }
        if (auto ended = end_oldest_sessions(tx, account->id, now, who); !ended)
            return ended;
        if (auto kept = tx.sessions().insert(
                record_of(pair.refresh_token, account->id, family, now, now + settings_.session_max));
            !kept)
            return kept;
        auto event = event_of_session(who, now, event_type::login, event_status::success, account->id, family,
                                      "Signed in.");
        event.tried = digest_of(email);
        if (auto recorded = tx.audit().append(event); !recorded)
            return pass(std::move(recorded));
        return {};
    });
    if (!stored)
        return pass(std::move(stored));
    if (gone)
        return refuse();
    pair.device_cookie = cookies_.issue(*account, client);
    return pair;
}

/// The successor that a used token was given, where it is to be given again: soon after, and before anybody
/// used it. It is made from the token once more, for only its hash is stored.
result<std::optional<std::string>> auth_service::successor_in_grace(const storage::session_store& sessions,
                                                                    const storage::refresh_token& of,
                                                                    std::string_view token,
                                                                    timestamp now) const {
    // Whichever way the clock has jumped in between: what is far from the use is no lost answer.
    if (of.revoked || std::chrono::abs(now - *of.used_at) >= settings_.refresh_grace)
        return std::nullopt;
    std::string successor = with_.tokens.issue_successor(of.user, token, *of.used_at);
    const auto known = sessions.find(token_service::refresh_identity(successor));
    if (!known)
        return std::unexpected(known.error());
    const bool unused = *known && !(*known)->used_at && !(*known)->revoked && (*known)->expires_at > now &&
                        (*known)->family_expires_at > now;
    return unused ? std::optional{std::move(successor)} : std::nullopt;
}

result<token_pair> auth_service::refresh(std::string_view refresh_token, const caller& who) {
    std::optional<event_target> account_target;
    const auto refuse = [&](std::string why) -> result<token_pair> {
        auto event = event_of(who, with_.time.now(), event_type::refresh, event_status::denied,
                              account_target, std::move(why));
        if (auto holder = with_.tokens.holder_of(refresh_token)) {
            add_target(event, {target_type::user, holder->id});
            event.actor = holder->type;
            event.actor_id = std::move(holder->id);
        }
        if (auto recorded = with_.audit.record_and_wait(std::move(event)); !recorded)
            return pass(std::move(recorded));
        return fail(errc::unauthenticated, std::string{dead_refresh});
    };
    const auto claims = with_.tokens.verify_refresh(refresh_token);
    if (!claims)
        return refuse("Forged, expired or malformed refresh token.");
    account_target = target_of(target_type::user, claims->user);

    const timestamp now = with_.time.now();
    token_pair pair;
    std::string refused; // why, where it was; a replay has its own record already
    bool replayed = false;
    bool again = false;                       // a replay whose family is dead already
    bool forgiven = false;                    // a replay within the grace period
    std::optional<std::chrono::seconds> wait; // until the account may renew again
    auto stored = with_.store.write([&](storage::transaction& tx) -> result<void> {
        auto known = find_refresh_token(tx.sessions(), refresh_token);
        if (!known)
            return pass(std::move(known));
        if (!*known || (*known)->user != claims->user) {
            refused = "Unknown refresh token.";
            return {};
        }
        const storage::refresh_token& token = **known;
        auto account = tx.users().find(token.user);
        if (!account)
            return pass(std::move(account));
        if (token.used_at) {
            auto successor = successor_in_grace(tx.sessions(), token, refresh_token, now);
            if (!successor)
                return pass(std::move(successor));
            if (*successor && *account && !(*account)->disabled_at) {
                forgiven = true;
                pair = {with_.tokens.issue_access(**account, token.family), std::move(**successor)};
                return {};
            }
            replayed = true;
            if (token.revoked) {
                again = true;
                return {};
            }
            if (auto revoked = tx.sessions().revoke_family(token.family); !revoked)
                return revoked;
            tx.after_commit([this, family = token.family] { session_ended_(family); });
            const auto event = event_of_session(
                who, now, event_type::refresh_reuse, event_status::denied, token.user, token.family,
                "A refresh token was used twice; all sessions that descend from its login are revoked.");
            if (auto recorded = tx.audit().append(event); !recorded)
                return pass(std::move(recorded));
            return {};
        }
        if (token.revoked || token.expires_at <= now || token.family_expires_at <= now || !*account ||
            (*account)->disabled_at) {
            refused = token.revoked ? "Revoked refresh token." : "Expired refresh token.";
            return {};
        }
        // Of live tokens alone: whoever holds a dead one can't use up the owner's allowance.
        if (renewals_) {
            wait = renewals_->wait_for(std::to_string(token.user));
            if (wait)
                return {};
            renewals_->take(std::to_string(token.user));
        }
        pair = {with_.tokens.issue_access(**account, token.family),
                with_.tokens.issue_successor(token.user, refresh_token, now)};
        if (auto used = tx.sessions().mark_used(token.hash, now); !used)
            return used;
        if (auto kept = tx.sessions().insert(
                record_of(pair.refresh_token, token.user, token.family, now, token.family_expires_at));
            !kept)
            return kept;
        const auto event = event_of_session(who, now, event_type::refresh, event_status::success, token.user,
                                            token.family, "Session renewed.");
        if (auto recorded = tx.audit().append(event); !recorded)
            return pass(std::move(recorded));
        return {};
    });
    if (!stored)
        return pass(std::move(stored));
    if (replayed) {
        ++counted_.refresh_reuse;
        // The first has its own row, with the revocation. Those that follow change nothing, and whoever holds
        // the dead token could fill the log with them: they are counted like any denial.
        if (again)
            if (auto recorded = deny(who, event_type::refresh_reuse, account_target,
                                     "A used refresh token of a revoked session was sent again.");
                !recorded)
                return pass(std::move(recorded));
        return fail(errc::unauthenticated, std::string{dead_refresh});
    }
    if (!refused.empty())
        return refuse(std::move(refused));
    if (wait)
        return refuse_renewal(claims->user, *wait, who);
    if (forgiven) {
        auto event =
            event_of(who, now, event_type::refresh, event_status::success, account_target,
                     "A refresh token was sent again within the grace period, and got the same successor.");
        event.actor = actor_type::user;
        event.actor_id = std::to_string(claims->user);
        if (auto recorded = routine_.record_and_wait(std::move(event)); !recorded)
            return pass(std::move(recorded));
    }
    return pair;
}

result<token_pair> auth_service::refuse_renewal(user_id user, std::chrono::seconds wait, const caller& who) {
    security_event event = event_of(who, with_.time.now(), event_type::call_rate_limit, event_status::denied,
                                    target_of(target_type::user, user), "Too many renewals of sessions.");
    event.actor = actor_type::user;
    event.actor_id = std::to_string(user);
    if (auto recorded = with_.audit.record_and_wait(std::move(event)); !recorded)
        return pass(std::move(recorded));
    return std::unexpected(error{.code = errc::rate_limited,
                                 .detail = fmt::format("Too many renewals. Try again in {} s.", wait.count()),
                                 .retry_after = wait,
                                 .limit = limit_info{.name = "renewals",
                                                     .quota = settings_.renewals_per_minute,
                                                     .window = std::chrono::minutes{1}}});
}

result<void> auth_service::end_oldest_sessions(storage::transaction& tx, user_id user, timestamp now,
                                               const caller& who) {
    if (settings_.max_sessions == 0)
        return {};
    const auto live = tx.sessions().live(user, now);
    if (!live)
        return std::unexpected(live.error());
    for (auto at = static_cast<std::size_t>(settings_.max_sessions) - 1; at < live->size(); ++at) {
        const uuid& family = (*live)[at].family;
        if (auto revoked = tx.sessions().revoke_family(family); !revoked)
            return revoked;
        tx.after_commit([this, family] { session_ended_(family); });
        const auto event = event_of_session(
            who, now, event_type::logout, event_status::success, user, family,
            fmt::format("The oldest session ended: an account has at most {}.", settings_.max_sessions));
        if (auto recorded = tx.audit().append(event); !recorded)
            return pass(std::move(recorded));
    }
    return {};
}

result<void> auth_service::logout(std::string_view refresh_token, const caller& who) {
    const timestamp now = with_.time.now();
    const bool genuine = with_.tokens.verify_refresh(refresh_token).has_value();
    enum class outcome : std::uint8_t { done, dead, foreign } end = outcome::dead;
    user_id owner = who.user;
    auto stored = with_.store.write([&](storage::transaction& tx) -> result<void> {
        if (!genuine)
            return {};
        auto known = find_refresh_token(tx.sessions(), refresh_token);
        if (!known)
            return pass(std::move(known));
        if (!*known || (*known)->revoked || (*known)->used_at || (*known)->expires_at <= now)
            return {};
        owner = (*known)->user;
        if (owner != who.user) {
            end = outcome::foreign;
            return {};
        }
        end = outcome::done;
        if (auto revoked = tx.sessions().revoke_family((*known)->family); !revoked)
            return revoked;
        tx.after_commit([this, family = (*known)->family] { session_ended_(family); });
        auto recorded = tx.audit().append(event_of_session(
            who, now, event_type::logout, event_status::success, who.user, (*known)->family, "Signed out."));
        return recorded ? result<void>{} : pass(std::move(recorded));
    });
    if (!stored || end == outcome::done)
        return stored;
    if (auto recorded =
            deny(who, event_type::logout, target_of(target_type::user, owner),
                 end == outcome::foreign ? "Another user's refresh token." : "Not a live refresh token.");
        !recorded)
        return recorded;
    if (end == outcome::foreign)
        return fail(errc::forbidden, "The refresh token belongs to another user.");
    return fail(errc::bad_state, "This is not a live refresh token.");
}

result<std::string> auth_service::authenticate_device(const device_id& id, std::string_view secret,
                                                      const caller& who) {
    const std::string name = id.to_string();
    std::optional<device> known;
    if (auto found = with_.store.read([&](const storage::snapshot& view) -> result<void> {
            auto row = view.devices().find(id);
            if (!row)
                return pass(std::move(row));
            known = std::move(*row);
            return {};
        });
        !found)
        return pass(std::move(found));

    // The secret comes first: a right one passes whatever wrong ones came before it.
    const auto wait = device_by_id_.wait_for(name);
    const auto verdict = device_secrets_.check(id, known ? std::optional{known->secret_hash} : std::nullopt,
                                               secret, who.origin.source_address);
    const auto as_device = [&](event_type type, event_status status, std::string detail) {
        auto event = event_of(who, with_.time.now(), type, status, target_of(target_type::device, id),
                              std::move(detail));
        if (known) {
            event.actor = actor_type::device;
            event.actor_id = name;
        }
        return event;
    };
    const auto deny_device = [&](event_type type, std::string detail, error why) -> result<std::string> {
        auto event = as_device(type, event_status::denied, std::move(detail));
        if (verdict != device_secrets::verdict::right)
            event.tried = digest_of(name);
        if (auto recorded = with_.audit.record_and_wait(std::move(event)); !recorded)
            return pass(std::move(recorded));
        return std::unexpected(std::move(why));
    };
    if (verdict != device_secrets::verdict::right) {
        if (wait || verdict == device_secrets::verdict::unpaid) {
            ++counted_.device_throttled;
            const auto pause = wait.value_or(std::chrono::seconds{1});
            return deny_device(
                event_type::device_auth_throttled,
                fmt::format("Too many failed attempts for device {}.", name),
                {.code = errc::rate_limited,
                 .detail = fmt::format("Too many failed attempts. Try again in {} s.", pause.count()),
                 .retry_after = pause,
                 .limit = limit_info{.name = "failed_attempts",
                                     .quota = device_by_id_.options().free_failures,
                                     .window = device_by_id_.options().forgotten_after}});
        }
        ++counted_.wrong_secret;
        device_by_id_.failed(name);
        return deny_device(event_type::device_auth,
                           known ? fmt::format("Wrong secret for device {}.", name)
                                 : fmt::format("Unknown device {}.", name),
                           {.code = errc::unauthenticated, .detail = std::string{wrong_device}});
    }
    device_by_id_.succeeded(name);
    if (known->status == device_status::blocked)
        return deny_device(event_type::device_auth, "The device is blocked.",
                           {.code = errc::forbidden, .detail = "The device is blocked."});
    if (!known->signed_in_at)
        if (auto noted = with_.first_sign_in(id, who); !noted)
            return pass(std::move(noted));
    if (auto recorded = routine_.record_and_wait(
            as_device(event_type::device_auth, event_status::success, "Device token issued."));
        !recorded)
        return pass(std::move(recorded));
    return with_.tokens.issue_device(*known);
}

auth_counters auth_service::counters() const noexcept {
    return {counted_.wrong_password,   counted_.login_throttled,  counted_.refresh_reuse,
            counted_.wrong_secret,     counted_.device_throttled, counted_.register_throttled,
            device_secrets_.counters()};
}

} // namespace breakwater::services

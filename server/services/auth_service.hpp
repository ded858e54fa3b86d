#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "domain/invitation.hpp"
#include "domain/user.hpp"
#include "services/allowance.hpp"
#include "services/caller.hpp"
#include "services/device_cookies.hpp"
#include "services/device_secrets.hpp"
#include "services/throttle.hpp"
#include "services/token_service.hpp"
#include "storage/audit_recorder.hpp"
#include "storage/database.hpp"
#include "storage/device_registry.hpp"
#include "storage/user_registry.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::services {

struct auth_settings {
    int bcrypt_cost = 12;
    int device_bcrypt_cost = 4; ///< a device secret is 256 random bits: nothing to stretch
    std::chrono::minutes session_max{
        43'200}; ///< absolute life of a refresh family, however often it is rotated
    std::chrono::seconds refresh_grace{10}; ///< in which a used refresh token gets its successor again
    /// False outside a local environment on this machine: the demo password signs nobody in, whichever
    /// account has it.
    bool demo_password_works = true;
    registration_mode registration = registration_mode::open;
    /// Sign-ins of an account that hold at once; a further one ends the oldest. 0: no limit.
    std::int64_t max_sessions = 0;
    /// Renewals of an account's sessions in a minute, each of which leaves a row. 0: no limit.
    std::int64_t renewals_per_minute = 0;
    throttle_options by_account{}; ///< failed sign-ins of clients that aren't known, and of devices
    throttle_options by_client{};  ///< those of a known client
    throttle_options by_address{.free_failures = 20}; ///< of a /64; more for the networks around it
    /// Sign-ins that may wait for a hash, those that succeed too: of a /64 whose clients aren't known. Fewer
    /// at once than half of HASHING_QUEUE, which is the most that one address may have waiting: so a flood
    /// never takes the place of a known client behind its address.
    allowance_options by_address_allowance{.burst = 30, .refill = std::chrono::milliseconds{1000}};
    /// The same of all known clients of an account together.
    allowance_options by_account_allowance{.burst = 20, .refill = std::chrono::milliseconds{3000}};
    /// Registrations from an address, those that succeed too: each costs a slow hash and leaves a row. A
    /// class behind one address gets through; a script makes one account a minute.
    throttle_options registrations{.free_failures = 60, .longest_delay = std::chrono::seconds{60}};
};

struct token_pair {
    std::string access_token;
    std::string refresh_token;
    std::string device_cookie{}; ///< of a sign-in: what its client shows at the next one
};

/// A call that may not even wait for a hash: what to answer, once `event` is on record.
struct refused_admission {
    error why;
    security_event event;
};
using admission = std::expected<void, refused_admission>;

/// Refusals since the start.
struct auth_counters {
    std::uint64_t wrong_password = 0;
    std::uint64_t login_throttled = 0;
    std::uint64_t refresh_reuse = 0;
    std::uint64_t wrong_secret = 0;
    std::uint64_t device_throttled = 0;
    std::uint64_t register_throttled = 0;
    device_secret_counters device_secrets{};
};

/// Sign-in and what follows from it. Members block (hashing, database): login, register and authenticate
/// belong on the hashing pool. Any thread may call.
class auth_service {
public:
    struct parts {
        storage::database& store;
        storage::user_registry& users;
        storage::device_registry& devices;
        storage::audit_recorder& audit;
        const token_service& tokens;
        const clock& time;
        random_source& random;
        /// A device signs in for the first time: `device_service::note_sign_in`.
        std::function<result<void>(const device_id&, const caller&)> first_sign_in;
    };
    /// Hears of a session that ended before its time. Called after the commit, on the writer's thread: must
    /// not block.
    using session_observer = std::function<void(const uuid& session)>;
    auth_service(
        const parts& with, const auth_settings& chosen, session_observer session_ended = [](const uuid&) {});

    // Each of these two is asked before its call waits for a hash, and takes from what the address may have
    // hashed. `rate_limited`. They don't block.
    [[nodiscard]] admission admit_registration(const caller& who);
    /// `email` is normalised, and empty where it isn't known yet: then only addresses are counted.
    [[nodiscard]] admission admit_login(std::string_view email, std::string_view device_cookie,
                                        const caller& who);

    /// An account of role `user`, or of the invitation's. `forbidden` where registration is closed, or wants
    /// an invitation and `invitation_token` (empty: none) is none that holds. `bad_state` where the address
    /// is taken; `invalid_input` for a password that `check_new_password` refuses. REQUIRES: admitted.
    result<user> register_account(std::string_view email, std::string_view password,
                                  std::string_view invitation_token, const caller& who);

    /// `unauthenticated` for a wrong password and an unknown address alike, in the same time; `rate_limited`.
    /// `device_cookie`: what its client was given at an earlier sign-in; empty where it has none.
    /// REQUIRES: admitted.
    result<token_pair> login(std::string_view email, std::string_view password, const caller& who,
                             std::string_view device_cookie = {});

    /// Exchanges a refresh token for a new pair. Used once more, within `refresh_grace` and before its
    /// successor was, it gets the same successor: an answer was lost, or two of a client raced. Any other
    /// reuse revokes its whole family (RFC 9700 section 4.14.2; decision 0008). `unauthenticated`.
    result<token_pair> refresh(std::string_view refresh_token, const caller& who);

    /// Revokes the token's family. `bad_state` where it isn't a live refresh token, `forbidden` where
    /// another's.
    result<void> logout(std::string_view refresh_token, const caller& who);

    /// A device's secret for a token. `unauthenticated`, `forbidden` (blocked); `rate_limited` for a wrong
    /// secret after many, never for the right one because of what others did (decision 0017).
    result<std::string> authenticate_device(const device_id& id, std::string_view secret, const caller& who);

    /// The device has another secret, is blocked or gone: its secret is forgotten here, not only out of date.
    /// Doesn't block.
    void forget_device(const device_id& id) { device_secrets_.forget(id); }

    [[nodiscard]] auth_counters counters() const noexcept;

    /// About once a second: writes the counts of what devices and clients did right, once its window ended.
    void tick() { routine_.tick(); }
    /// At shutdown, once nobody signs in: writes those that are open. Blocks.
    void close() { routine_.close(); }

private:
    /// `forbidden`, on record, where nobody may register so.
    result<void> check_registration_open(std::string_view invitation_token, const caller& who);
    /// The invitation that lets this address register; none where none is needed.
    result<std::optional<invitation>> redeem(storage::transaction& tx, std::string_view email,
                                             std::string_view token, timestamp now) const;
    /// Those over `max_sessions` once there is one more.
    result<void> end_oldest_sessions(storage::transaction& tx, user_id user, timestamp now,
                                     const caller& who);
    result<token_pair> refuse_renewal(user_id user, std::chrono::seconds wait, const caller& who);
    struct atomic_counters {
        std::atomic<std::uint64_t> wrong_password{0};
        std::atomic<std::uint64_t> login_throttled{0};
        std::atomic<std::uint64_t> refresh_reuse{0};
        std::atomic<std::uint64_t> wrong_secret{0};
        std::atomic<std::uint64_t> device_throttled{0};
        std::atomic<std::uint64_t> register_throttled{0};
    };
    [[nodiscard]] std::unexpected<refused_admission> refuse_login(std::string_view email, const caller& who,
                                                                  std::string_view what,
                                                                  std::chrono::seconds wait,
                                                                  limit_info limit);
    /// Whether earlier failures make a sign-in wait: those of a known client, or of the account and the
    /// address.
    [[nodiscard]] admission check_failures(std::string_view email, const std::optional<known_client>& client,
                                           const caller& who);
    /// `security_event::tried`, of an account's address or a device's id.
    [[nodiscard]] std::uint64_t digest_of(std::string_view tried) const;
    /// The account with that address, for the audit log; none where there is none.
    [[nodiscard]] std::optional<event_target> account_of(std::string_view email) const;
    [[nodiscard]] result<void> deny(const caller& who, event_type type, std::optional<event_target> target,
                                    std::string detail);
    [[nodiscard]] result<std::optional<std::string>>
    successor_in_grace(const storage::session_store& sessions, const storage::refresh_token& of,
                       std::string_view token, timestamp now) const;
    [[nodiscard]] storage::refresh_token record_of(std::string_view token, user_id user, const uuid& family,
                                                   timestamp now, timestamp family_expires_at) const;

    parts with_;
    auth_settings settings_;
    session_observer session_ended_;
    device_cookies cookies_;
    crypto::sha256_digest tried_key_; ///< of the digests of what is tried
    std::string decoy_hash_; ///< what an unknown address is checked against, so that it takes as long
    /// What devices and clients do right, bounded apart from what anybody does wrong: a device signs in every
    /// few minutes for as long as it lives, and one that does so in a loop must not fill the log.
    storage::audit_recorder routine_;
    std::optional<allowance> renewals_; ///< none: no limit
    throttle login_by_account_;
    throttle login_by_client_;
    network_throttle login_by_address_;
    network_allowance logins_by_address_;
    allowance logins_by_account_;
    throttle device_by_id_;
    device_secrets device_secrets_;
    network_throttle registrations_by_address_;
    atomic_counters counted_;
};

} // namespace breakwater::services

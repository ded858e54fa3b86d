#pragma once

#include "audit/recorder.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "domain/credential.hpp"
#include "domain/invitation.hpp"
#include "domain/user.hpp"
#include "identity/allowance.hpp"
#include "identity/device_cookies.hpp"
#include "identity/device_secrets.hpp"
#include "identity/throttle.hpp"
#include "identity/token_service.hpp"
#include "registry/device_registry.hpp"
#include "registry/user_registry.hpp"
#include "services/caller.hpp"
#include "storage/catalogue.hpp"

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
    int device_bcrypt_cost = 4; ///< a device secret has 256 random bits and needs no slow hash
    /// Absolute lifetime of a refresh family, however often its token is rotated.
    std::chrono::minutes session_max{43'200};
    /// For this time after its use, a refresh token still returns the same successor.
    std::chrono::seconds refresh_grace{10};
    /// True only in a local environment on this machine. If false, the demo password is refused for every
    /// account.
    bool demo_password_works = true;
    registration_mode registration = registration_mode::open;
    /// Live sessions of an account; a further sign-in ends the oldest one. 0: no limit.
    std::int64_t max_sessions = 0;
    /// Session renewals of an account in a minute; each adds a row. 0: no limit.
    std::int64_t renewals_per_minute = 0;
    // A known client shows a device cookie of the account; all other clients are unknown (decision 0018).
    identity::throttle_options by_account{}; ///< failed sign-ins of unknown clients, and of devices
    identity::throttle_options by_client{};  ///< failed sign-ins of a known client
    /// Failed sign-ins of unknown clients of a /64. The networks around it have more.
    identity::throttle_options by_address{.free_failures = 20};
    /// Sign-ins of the unknown clients of a /64 that may wait for a hash, including successful ones. One
    /// address may occupy half of HASHING_QUEUE, and the burst is less than that. So a flood never takes the
    /// place of a known client behind its address.
    identity::allowance_options by_address_allowance{.burst = 30, .refill = std::chrono::milliseconds{1000}};
    /// Sign-ins that may wait for a hash, of all known clients of an account together.
    identity::allowance_options by_account_allowance{.burst = 20, .refill = std::chrono::milliseconds{3000}};
    /// Registrations from an address, including successful ones: each costs a slow hash and adds a row. A
    /// school class behind one address gets through. A script can create only one account per minute in the
    /// long run.
    identity::throttle_options registrations{.free_failures = 60, .longest_delay = std::chrono::seconds{60}};
};

struct token_pair {
    std::string access_token;
    std::string refresh_token;
    std::string device_cookie{}; ///< set by a sign-in; the client sends it at the next one
};

/// The request is refused before it waits for a hash. The caller records `event`, then answers with `reason`.
struct refused_admission {
    error reason;
    security_event event;
};
using admission = std::expected<void, refused_admission>;

/// Refusals since the start of the server, except for `device_secrets`, which counts all checks.
struct auth_counters {
    std::uint64_t wrong_password = 0;
    std::uint64_t login_throttled = 0;
    std::uint64_t refresh_reuse = 0;
    std::uint64_t wrong_secret = 0;
    std::uint64_t device_throttled = 0;
    std::uint64_t register_throttled = 0;
    identity::device_secret_counters device_secrets{};
};

/// Sign-in, sessions and registration. The members block (hashing, database) unless they say otherwise.
/// `login` runs on the hashing pool, `register_account` on the registration pool, because both compute slow
/// hashes. `authenticate_device`, `refresh` and `logout` run on the control pool (api/routes.cpp). Any thread
/// may call.
class auth_service final : public storage::change_follower {
public:
    struct dependencies {
        storage::catalogue& store;
        const registry::user_registry& users;
        const registry::device_registry& devices;
        breakwater::audit::recorder& audit;
        const identity::token_service& tokens;
        const clock& time;
        random_source& random;
        /// Called when a device signs in for the first time. The server passes
        /// `device_service::record_sign_in`.
        std::function<result<void>(const device_id&, const caller&)> first_sign_in;
    };
    auth_service(const dependencies& deps, const auth_settings& settings);

    // Call one of these two before the request waits for a hash. They refuse with `rate_limited`. They do not
    // block.

    /// Charges the hash to the address.
    [[nodiscard]] admission admit_registration(const caller& caller);
    /// Charges the hash to the account if the client is a known one, otherwise to the address. `email` is
    /// normalised. It is empty if the caller does not know it yet: then only the counts of the address apply.
    [[nodiscard]] admission admit_login(std::string_view email, std::string_view device_cookie,
                                        const caller& caller);

    /// Creates an account of role `user`, or of the invitation's role. `forbidden` when registration is
    /// closed, when it requires an invitation and `invitation_token` is empty, or when the token is not a
    /// valid one. `bad_state` when the address is taken. `invalid_input` for a password that
    /// `check_new_password` refuses. REQUIRES: `admit_registration` admitted the request.
    result<user> register_account(std::string_view email, std::string_view password,
                                  std::string_view invitation_token, const caller& caller);

    /// Signs a person in. `unauthenticated` for a wrong password and for an unknown address, after the same
    /// time. `forbidden` for the right password of a disabled account. `rate_limited` after too many
    /// failures. `device_cookie` is the cookie from an earlier sign-in of this client, or empty. REQUIRES:
    /// `admit_login` admitted the request.
    result<token_pair> login(std::string_view email, std::string_view password, const caller& caller,
                             std::string_view device_cookie = {});

    /// Exchanges a refresh token for a new pair. A second use within `refresh_grace`, before the successor
    /// was used, returns the same successor: perhaps the response was lost, or two tasks of a client raced.
    /// Any other reuse revokes the whole family (RFC 9700 section 4.14.2; decision 0008). `unauthenticated`
    /// for a token that is not valid. `rate_limited` after too many renewals.
    result<token_pair> refresh(std::string_view refresh_token, const caller& caller);

    /// Revokes the family of the token. `bad_state` when the token is not a live refresh token, `forbidden`
    /// when it belongs to another user.
    result<void> logout(std::string_view refresh_token, const caller& caller);

    /// Exchanges a device's secret for a token. `unauthenticated` for a wrong secret or an unknown device.
    /// `forbidden` when the secret is right and the device is blocked. `rate_limited` for a wrong secret
    /// after too many failures, and for an unchecked one (`identity::device_secrets::verdict::unpaid`). A
    /// right secret that the server remembers always passes this check; one that it does not remember passes
    /// if the address or the device can still pay for a hash (decision 0017).
    result<std::string> authenticate_device(const device_id& id, std::string_view secret,
                                            const caller& caller);

    /// Forgets the right secret of a device that was deleted. A new secret needs no such call, see
    /// `device_secrets`.
    void follow(const change& committed) override;

    [[nodiscard]] auth_counters counters() const noexcept;

    /// Call about once a second. Writes the counts of repeated routine events whose window has ended.
    void tick() { routine_.tick(); }
    /// Call at shutdown, after the last sign-in. Writes the counts of the windows that are still open.
    /// Blocks.
    void close() { routine_.close(); }

private:
    /// Returns `forbidden`, and records it, when this registration is not allowed.
    result<void> check_registration_open(std::string_view invitation_token, const caller& caller);
    /// Marks the invitation of this token as used, and returns it. Empty when `token` is empty.
    result<std::optional<invitation>> redeem(storage::transaction& tx, std::string_view email,
                                             std::string_view token, timestamp now) const;
    /// Ends the oldest sessions so that one more fits into `max_sessions`.
    result<void> end_oldest_sessions(storage::transaction& tx, user_id user, timestamp now,
                                     const caller& caller);
    /// Stores the time of the use, unless the stored one is less than an hour old. Does not wait.
    void record_use(const credential& used);
    result<token_pair> refuse_renewal(user_id user, std::chrono::seconds wait, const caller& caller);
    struct atomic_counters {
        std::atomic<std::uint64_t> wrong_password{0};
        std::atomic<std::uint64_t> login_throttled{0};
        std::atomic<std::uint64_t> refresh_reuse{0};
        std::atomic<std::uint64_t> wrong_secret{0};
        std::atomic<std::uint64_t> device_throttled{0};
        std::atomic<std::uint64_t> register_throttled{0};
    };
    [[nodiscard]] std::unexpected<refused_admission>
    refuse_login(std::string_view email, const caller& caller, std::string_view cause,
                 std::chrono::seconds wait, limit_info limit);
    /// Refuses a sign-in that must wait because of earlier failures. For a known client only its own failures
    /// count; for an unknown one those of the account and of the address.
    [[nodiscard]] admission check_failures(std::string_view email,
                                           const std::optional<identity::known_client>& client,
                                           const caller& caller);
    /// The digest of an account's e-mail address or of a device's id, for
    /// `security_event::attempted_identity`.
    [[nodiscard]] std::uint64_t digest_of(std::string_view identity) const;
    /// The account with that e-mail address, as a target for the audit log. Empty when there is none.
    [[nodiscard]] std::optional<event_target> account_of(std::string_view email) const;
    [[nodiscard]] result<void> deny(const caller& caller, event_type type, std::optional<event_target> target,
                                    std::string detail);
    [[nodiscard]] result<std::optional<std::string>>
    successor_in_grace(const storage::session_store& sessions, const storage::refresh_token& used,
                       std::string_view token, timestamp now) const;
    [[nodiscard]] storage::refresh_token record_of(std::string_view token, user_id user, const uuid& family,
                                                   timestamp now, timestamp family_expires_at) const;

    dependencies deps_;
    auth_settings settings_;
    identity::device_cookies cookies_;
    crypto::sha256_digest identity_key_; ///< for `digest_of`
    /// Hash that is checked for an unknown e-mail address, so that the answer takes as long as for a known
    /// one.
    std::string decoy_hash_;
    /// Records routine successes: device sign-ins, and repeated uses of a refresh token within the grace
    /// period. It has bounds of its own. A device signs in every few minutes for its whole life, and one that
    /// signs in in a loop must not fill the log.
    audit::recorder routine_;
    std::optional<identity::allowance> renewals_; ///< empty: no limit
    identity::throttle login_by_account_;
    identity::throttle login_by_client_;
    identity::network_throttle login_by_address_;
    identity::network_allowance logins_by_address_;
    identity::allowance logins_by_account_;
    identity::throttle device_by_id_;
    identity::device_secrets device_secrets_;
    identity::network_throttle registrations_by_address_;
    atomic_counters counters_;
};

} // namespace breakwater::services

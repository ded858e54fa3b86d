#pragma once

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "domain/user.hpp"
#include "services/caller.hpp"
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
#include <functional>
#include <string>
#include <string_view>

namespace breakwater::services {

struct auth_settings {
    int bcrypt_cost = 12;
    int device_bcrypt_cost = 4; ///< a device secret is 256 random bits: nothing to stretch
    std::chrono::minutes session_max{
        43'200}; ///< absolute life of a refresh family, however often it is rotated
    throttle_options by_account{};
    throttle_options by_address{.free_failures = 20};
    /// Registrations from an address, those that succeed too: each costs a slow hash and leaves a row. A
    /// class behind one address gets through; a script makes one account a minute.
    throttle_options registrations{.free_failures = 60, .longest_delay = std::chrono::seconds{60}};
};

struct token_pair {
    std::string access_token;
    std::string refresh_token;
};

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
    };
    /// Hears of a session that ended before its time. Called after the commit, on the writer's thread: must
    /// not block.
    using session_observer = std::function<void(const uuid& session)>;
    auth_service(
        const parts& with, const auth_settings& chosen, session_observer session_ended = [](const uuid&) {});

    /// An account of role `user`. `bad_state` where the address is taken; `invalid_input` for a common
    /// password; `rate_limited` where the address made many.
    result<user> register_account(std::string_view email, std::string_view password, const caller& who);

    /// `unauthenticated` for a wrong password and an unknown address alike, in the same time; `rate_limited`.
    result<token_pair> login(std::string_view email, std::string_view password, const caller& who);

    /// Exchanges a refresh token for a new pair; of concurrent uses exactly one succeeds. One that was used
    /// before revokes its whole family (RFC 9700 section 4.14.2). `unauthenticated`.
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

    /// About once a second: writes the counts of device sign-ins whose window ended.
    void tick() { device_sign_ins_.tick(); }
    /// At shutdown, once nobody signs in: writes those that are open. Blocks.
    void close() { device_sign_ins_.close(); }

private:
    struct atomic_counters {
        std::atomic<std::uint64_t> wrong_password{0};
        std::atomic<std::uint64_t> login_throttled{0};
        std::atomic<std::uint64_t> refresh_reuse{0};
        std::atomic<std::uint64_t> wrong_secret{0};
        std::atomic<std::uint64_t> device_throttled{0};
        std::atomic<std::uint64_t> register_throttled{0};
    };
    [[nodiscard]] result<void> check_throttle(throttle& by_account, throttle& by_address,
                                              std::string_view account, event_type type, const caller& who);
    [[nodiscard]] result<void> count_registration(const caller& who);
    [[nodiscard]] result<void> deny(const caller& who, event_type type, std::string detail);
    [[nodiscard]] storage::refresh_token record_of(std::string_view token, user_id user, const uuid& family,
                                                   timestamp now, timestamp family_expires_at) const;

    parts with_;
    auth_settings settings_;
    session_observer session_ended_;
    std::string decoy_hash_; ///< what an unknown address is checked against, so that it takes as long
    /// What devices do right, bounded apart from what anybody does wrong: a device signs in every few minutes
    /// for as long as it lives, and one that does so in a loop must not fill the log.
    storage::audit_recorder device_sign_ins_;
    throttle login_by_account_;
    throttle login_by_address_;
    throttle device_by_id_;
    device_secrets device_secrets_;
    throttle registrations_by_address_;
    atomic_counters counted_;
};

} // namespace breakwater::services

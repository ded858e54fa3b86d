#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater {

enum class actor_type : std::uint8_t { user, device, system, anonymous };
enum class event_status : std::uint8_t { success, denied, error };

/// What can stand in the audit log. The contract's names first, ours after; the text form is what is stored.
enum class event_type : std::uint8_t {
    register_account, ///< `register` in text
    login,
    refresh,
    logout,
    device_create,
    device_update,
    device_block,
    device_delete,
    device_secret_rotate,
    device_token_invalidate,
    device_auth,
    reading_accept,
    reading_reject,
    reading_rate_limit,
    reading_seed,
    user_create,
    user_update,
    user_delete,
    refresh_reuse, ///< a replayed refresh token; its family was revoked
    login_throttled,
    device_auth_throttled,
    register_throttled,
    missing_authorization, ///< a protected call without a token
    jwt_invalid,           ///< forged, or (then its holder is the actor) expired, revoked, of another kind
    device_forbidden,      ///< a call on another person's device
    admin_forbidden,       ///< an admin call by somebody who is none
    request_refused,       ///< a request the HTTP gate refused
    log_retention,         ///< old events were removed, with the count
    export_data,
    policy_update,
    import_data,
    alert_raise,
    alert_acknowledge,
    alert_resolve, ///< by a person
    alert_rule_create,
    alert_rule_update,
    alert_rule_delete,
    webhook_create,
    webhook_update,
    webhook_delete,
    webhook_dead_letter, ///< a message was given up
    call_rate_limit,     ///< an account called too often
    session_end,         ///< a person ended one of their sessions
    invitation_create,
    invitation_delete,
    clock_forward, ///< the wall clock jumped; `error` where retention waits because of it
    clock_back,
    retention_release, ///< a person said that the clock is right
};

/// The kinds of things that an event can be about.
enum class target_type : std::uint8_t {
    device,
    user,
    session,
    alert,
    alert_rule,
    webhook,
    policy,
    invitation
};

[[nodiscard]] std::string_view to_string(actor_type value) noexcept;
[[nodiscard]] std::string_view to_string(event_status value) noexcept;
[[nodiscard]] std::string_view to_string(event_type value) noexcept;
[[nodiscard]] std::string_view to_string(target_type value) noexcept;
[[nodiscard]] std::optional<actor_type> parse_actor_type(std::string_view text) noexcept;
[[nodiscard]] std::optional<event_status> parse_event_status(std::string_view text) noexcept;
[[nodiscard]] std::optional<event_type> parse_event_type(std::string_view text) noexcept;
[[nodiscard]] std::optional<target_type> parse_target_type(std::string_view text) noexcept;

/// A thing that an event is about, be it there or not.
struct event_target {
    target_type type = target_type::device;
    std::string
        id{}; ///< as the API spells it; of the policy of a category, its slug; at most `max_target_id`

    friend bool operator==(const event_target&, const event_target&) = default;
};

inline constexpr std::size_t max_target_id = 64;

/// For a kind of thing with UUIDs: devices and sessions.
[[nodiscard]] inline event_target target_of(target_type type, const uuid& id) {
    return {type, id.to_string()};
}
/// For one with numbers.
[[nodiscard]] inline event_target target_of(target_type type, std::int64_t id) {
    return {type, std::to_string(id)};
}

/// Where a call came from: the same three facts on every record it causes.
struct call_origin {
    std::string source_address{}; ///< of the client, without its port; empty for the system itself
    std::string request_id{};
    std::string route{}; ///< `POST /devices/{id}/rotate-secret`; never the raw target
};

/// One row of the audit log. Rows are appended and never changed.
struct security_event {
    event_id id = 0; ///< given by the store
    timestamp created_at{};
    actor_type actor = actor_type::anonymous;
    std::string actor_id{}; ///< a user's number or a device's UUID; empty where unknown
    event_type type = event_type::login;
    event_status status = event_status::success;
    std::optional<event_target> target{}; ///< what it is about; none where that is no single thing
    /// What it is about beside: of an alert its device; of a row that counts, what its repeats were about.
    /// At most `max_other_targets`.
    std::vector<event_target> other_targets{};
    std::int64_t unlisted_targets = 0; ///< how many more there were
    std::string detail{};              ///< at most `max_event_detail` bytes; never a secret
    call_origin origin{};
    bool simulated = false; ///< made by /admin/security-events/simulate
    std::int64_t count = 1; ///< how many like it this row stands for
    /// As whom somebody tried to sign in, rightly or wrongly: a keyed digest of the account's address or the
    /// device's id. For alert rules, not stored. 0: nobody did, or a known client that may mistype.
    std::uint64_t tried = 0;
};

inline constexpr std::size_t max_event_detail = 500;
inline constexpr std::size_t max_other_targets = 19;

/// What devices and clients do right all the time: sign-ins of devices, the hourly counts of their readings,
/// renewals of sessions. Lists can leave it out.
[[nodiscard]] constexpr bool is_routine(event_type type, event_status status) noexcept {
    return status == event_status::success &&
           (type == event_type::device_auth || type == event_type::reading_accept ||
            type == event_type::refresh);
}

/// How many things the event is about.
[[nodiscard]] inline std::int64_t target_count(const security_event& event) noexcept {
    return std::ssize(event.other_targets) + event.unlisted_targets + (event.target ? 1 : 0);
}

/// Adds what the event is about beside its target, up to the bound.
void add_target(security_event& to, event_target what);

} // namespace breakwater

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

/// The types of audit log events: first the names of the API contract, then our own. The text form is stored.
enum class event_type : std::uint8_t {
    register_account, ///< its text form is `register`
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
    refresh_reuse, ///< a replayed refresh token; its token family was revoked
    login_throttled,
    device_auth_throttled,
    register_throttled,
    missing_authorization, ///< a protected call without a token
    jwt_invalid,           ///< forged; or (the holder is then the actor) expired, revoked or of another kind
    device_forbidden,      ///< a call on another person's device
    admin_forbidden,       ///< an administrator's call by another user
    request_refused,       ///< the HTTP request validator refused the request
    log_retention,         ///< old events were removed; the detail has the count
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
    webhook_dead_letter, ///< delivery of a message was abandoned
    call_rate_limit,     ///< an account exceeded its rate of calls
    session_end,         ///< a person ended one of their sessions
    invitation_create,
    invitation_delete,
    clock_forward, ///< the wall clock jumped; status `error` if retention is on hold because of it
    clock_back,
    retention_release, ///< a person confirmed that the clock is right
};

/// The kinds of object that an event can concern.
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

/// An object that an event concerns. It need not exist.
struct event_target {
    target_type type = target_type::device;
    /// As in the API; for the policy of a category, the slug of the category. At most `max_target_id` bytes.
    std::string id{};

    friend bool operator==(const event_target&, const event_target&) = default;
};

inline constexpr std::size_t max_target_id = 64;

/// For targets with UUIDs: devices and sessions.
[[nodiscard]] inline event_target target_of(target_type type, const uuid& id) {
    return {type, id.to_string()};
}
/// For targets with numbers.
[[nodiscard]] inline event_target target_of(target_type type, std::int64_t id) {
    return {type, std::to_string(id)};
}

/// The origin of a call. All events that the call causes have the same origin.
struct call_origin {
    std::string source_address{}; ///< of the client, without the port; empty for the system itself
    std::string request_id{};
    std::string route{}; ///< `POST /devices/{id}/rotate-secret`; never the raw target
};

/// One row of the audit log. Rows are appended and never changed.
struct security_event {
    event_id id = 0; ///< assigned by the store
    timestamp created_at{};
    actor_type actor = actor_type::anonymous;
    std::string actor_id{}; ///< a user's number or a device's UUID; empty if unknown
    event_type type = event_type::login;
    event_status status = event_status::success;
    std::optional<event_target> target{}; ///< none if it concerns no single object
    /// Further targets: for an alert, its device; for a row that counts repeats, their targets. At most
    /// `max_other_targets`.
    std::vector<event_target> other_targets{};
    std::int64_t unlisted_targets = 0; ///< number of targets beyond that limit
    std::string detail{};              ///< at most `max_event_detail` bytes; never a secret
    call_origin origin{};
    bool simulated = false; ///< created by /admin/security-events/simulate
    std::int64_t count = 1; ///< number of equal events that this row represents
    /// The identity of a sign-in attempt, successful or not: a keyed digest of the account's e-mail address
    /// or the device's id. Alert rules use it; it is not stored. 0: the event is no attempt, or comes from a
    /// known client, which may mistype.
    std::uint64_t attempted_identity = 0;
};

inline constexpr std::size_t max_event_detail = 500;
inline constexpr std::size_t max_other_targets = 19;

/// Successful routine events: sign-ins of devices, the hourly counts of their readings, renewals of sessions.
/// Lists can omit them.
[[nodiscard]] constexpr bool is_routine(event_type type, event_status status) noexcept {
    return status == event_status::success &&
           (type == event_type::device_auth || type == event_type::reading_accept ||
            type == event_type::refresh);
}

/// The number of objects that the event concerns.
[[nodiscard]] inline std::int64_t target_count(const security_event& event) noexcept {
    return std::ssize(event.other_targets) + event.unlisted_targets + (event.target ? 1 : 0);
}

/// Adds a target unless it is listed already: as `target` if there is none, else to `other_targets`. Beyond
/// `max_other_targets` it only increments `unlisted_targets`.
void add_target(security_event& event, event_target target);

} // namespace breakwater

#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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
    jwt_invalid,           ///< forged, expired, revoked, or of another kind
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

[[nodiscard]] std::string_view to_string(actor_type value) noexcept;
[[nodiscard]] std::string_view to_string(event_status value) noexcept;
[[nodiscard]] std::string_view to_string(event_type value) noexcept;
[[nodiscard]] std::optional<actor_type> parse_actor_type(std::string_view text) noexcept;
[[nodiscard]] std::optional<event_status> parse_event_status(std::string_view text) noexcept;
[[nodiscard]] std::optional<event_type> parse_event_type(std::string_view text) noexcept;

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
    std::string detail{}; ///< at most `max_event_detail` bytes; never a secret
    call_origin origin{};
    bool simulated = false; ///< made by /admin/security-events/simulate
    std::int64_t count = 1; ///< how many like it this row stands for
};

inline constexpr std::size_t max_event_detail = 500;

} // namespace breakwater

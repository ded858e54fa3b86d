#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/alert_rule.hpp"
#include "domain/outbox.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater {

using webhook_id = std::int64_t; ///< from 1 up, never reused
using delivery_id = message_id;

/// Where the outbox finds the messages of a webhook.
[[nodiscard]] constexpr destination_key destination_of(webhook_id id) noexcept {
    return {.kind = destination_kind::webhook, .id = id};
}

/// A URL, chosen by an administrator, that receives alerts. Its signing secret is not a member: only the code
/// that signs messages reads it.
struct webhook {
    webhook_id id = 0;
    std::string name{};
    std::string url{};
    alert_severity min_severity = alert_severity::warning; ///< it receives alerts of this severity and above
    bool enabled = true;
    timestamp created_at{};
    timestamp updated_at{};
};

struct new_webhook {
    breakwater::webhook webhook;
    std::string secret; ///< returned only once
};

inline constexpr std::size_t max_webhook_name_length = 100; ///< characters
inline constexpr std::size_t max_webhook_url_length = 2000; ///< bytes
inline constexpr std::size_t max_webhooks = 100;

/// A message to a webhook.
struct webhook_delivery {
    delivery_id id = 0;
    webhook_id webhook = 0;
    std::string webhook_name{}; ///< the current name; set by the store
    std::string body{};         ///< JSON
    delivery_state state = delivery_state::pending;
    std::int64_t attempts = 0;                  ///< since it was last queued
    std::optional<timestamp> next_attempt_at{}; ///< set if it is pending
    timestamp created_at{};
    std::optional<timestamp> delivered_at{};
    std::string last_error{};                  ///< a sentence; empty if the last attempt succeeded
    std::optional<std::int64_t> last_status{}; ///< HTTP status, if there was a response
};

/// The parts of a webhook's URL that decide whether the server may contact it.
struct webhook_target {
    bool tls = false;
    std::string host{}; ///< in lower case; an IPv6 address without its brackets
};

/// Parses an absolute http or https URL (RFC 3986) in ASCII, without user information or fragment. Refuses
/// every URL that two parsers could read as different hosts. `invalid_input` with a sentence.
[[nodiscard]] result<webhook_target> parse_webhook_url(std::string_view url);

/// Parses a host name or address into the form of `webhook_target::host`; nothing if it is neither.
[[nodiscard]] std::optional<std::string> parse_webhook_host(std::string_view text);

/// Hosts in the operator's own network, in the form of `parse_webhook_host`. Webhooks may contact them at any
/// address and without TLS. All other hosts are contacted only at public addresses and over TLS.
using local_hosts = std::vector<std::string>;

[[nodiscard]] bool is_local(const webhook_target& target, const local_hosts& allowed);
/// `invalid_input` if the target has no TLS and is not in `allowed`.
[[nodiscard]] result<void> check_transport(const webhook_target& target, const local_hosts& allowed);

/// `invalid_input` with a sentence if the name or the URL is not valid.
[[nodiscard]] result<void> check(const webhook& candidate);

} // namespace breakwater

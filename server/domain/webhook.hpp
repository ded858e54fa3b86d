#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/alert_rule.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater {

using webhook_id = std::int64_t;  ///< from 1 up, never used twice
using delivery_id = std::int64_t; ///< from 1 up, never used twice

/// An address of an administrator's choice that is told of alerts. Its signing secret isn't here: only who
/// signs gets it.
struct webhook {
    webhook_id id = 0;
    std::string name{};
    std::string url{};
    alert_severity min_severity = alert_severity::warning; ///< alerts that matter less aren't told
    bool enabled = true;
    timestamp created_at{};
    timestamp updated_at{};
};

inline constexpr std::size_t max_webhook_name_length = 100; ///< characters
inline constexpr std::size_t max_webhook_url_length = 2000; ///< bytes
inline constexpr std::size_t max_webhooks = 100;

enum class delivery_state : std::uint8_t {
    pending,
    delivered, ///< answered with 2xx
    dead,      ///< given up
};

[[nodiscard]] std::string_view to_string(delivery_state value) noexcept;

/// A message to a webhook.
struct webhook_delivery {
    delivery_id id = 0;
    webhook_id webhook = 0;
    std::string webhook_name{}; ///< as it is now; set by the store
    std::string body{};         ///< JSON
    delivery_state state = delivery_state::pending;
    std::int64_t attempts = 0;                  ///< since it was last put in line
    std::optional<timestamp> next_attempt_at{}; ///< of a pending one
    timestamp created_at{};
    std::optional<timestamp> delivered_at{};
    std::string last_error{};                  ///< a sentence; empty where the last attempt went well
    std::optional<std::int64_t> last_status{}; ///< HTTP's, where there was an answer
};

/// Messages that wait, of all webhooks and of one: an address that doesn't answer leaves room for the others.
inline constexpr std::int64_t max_pending_deliveries = 10'000;
inline constexpr std::int64_t max_pending_of_webhook = 1'000;
/// Messages that are over, beside the time they are kept for: older ones go first.
inline constexpr std::int64_t max_kept_deliveries = 100'000;

/// What of a webhook's URL counts for whether it may be contacted.
struct webhook_target {
    bool tls = false;
    std::string host{}; ///< in lower case; an IPv6 address without its brackets
};

/// An absolute URL of http or https (RFC 3986) in plain ASCII, without user information and fragment. Nothing
/// that two readers could take for two hosts passes. `invalid_input` with a sentence.
[[nodiscard]] result<webhook_target> parse_webhook_url(std::string_view url);

/// A host's name or address alone, as `webhook_target` has it; nothing where it is none.
[[nodiscard]] std::optional<std::string> parse_webhook_host(std::string_view text);

/// The hosts within the operator's own network that webhooks may lead to, as `parse_webhook_host` gave them:
/// at any address, and without TLS. All others are contacted at public addresses alone, and over TLS.
using local_hosts = std::vector<std::string>;

[[nodiscard]] bool is_local(const webhook_target& target, const local_hosts& allowed);
/// `invalid_input` where neither TLS nor `allowed` lets the target be contacted.
[[nodiscard]] result<void> check_transport(const webhook_target& target, const local_hosts& allowed);

/// `invalid_input` with a sentence that says what can't be meant.
[[nodiscard]] result<void> check(const webhook& candidate);

} // namespace breakwater

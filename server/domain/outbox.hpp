#pragma once

#include "base/clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater {

using message_id = std::int64_t; ///< from 1 up, never reused

/// The kinds of receivers outside. The numbers are stored.
enum class destination_kind : std::uint8_t { webhook = 0 };

[[nodiscard]] std::string_view to_string(destination_kind value) noexcept;

/// One receiver of messages.
struct destination_key {
    destination_kind kind = destination_kind::webhook;
    std::int64_t id = 0; ///< within its kind (a `webhook_id`); never reused

    friend auto operator<=>(const destination_key&, const destination_key&) = default;
};

enum class delivery_state : std::uint8_t {
    pending,
    delivered, ///< the receiver accepted it
    dead,      ///< abandoned
};

[[nodiscard]] std::string_view to_string(delivery_state value) noexcept;

/// A message in the outbox.
struct outbox_message {
    message_id id = 0;
    destination_key destination{};
    std::string payload{};
    delivery_state state = delivery_state::pending;
    std::int64_t attempts = 0;                  ///< since it was last queued
    std::optional<timestamp> next_attempt_at{}; ///< set if it is pending
    timestamp created_at{};
    std::optional<timestamp> finished_at{};    ///< when it was delivered or abandoned, if known
    std::string last_error{};                  ///< a sentence; empty if the last attempt succeeded
    std::optional<std::int64_t> last_status{}; ///< the receiver's status code, if it answered
};

/// Limits of pending messages, in total and for one destination. Bytes are those of the payloads.
inline constexpr std::int64_t max_pending_messages = 10'000;
inline constexpr std::int64_t max_pending_bytes = std::int64_t{64} << 20;
inline constexpr std::int64_t max_pending_per_destination = 1'000;
inline constexpr std::int64_t max_pending_bytes_per_destination = std::int64_t{8} << 20;
/// A destination with fewer pending messages than this, and fewer bytes, may enqueue one more although the
/// limits in total are reached. So destinations that don't accept messages can't use up the room of others.
inline constexpr std::int64_t reserved_messages = 10;
inline constexpr std::int64_t reserved_bytes = std::int64_t{64} << 10;
/// The limit of finished messages (delivered or dead), in addition to their retention. The server removes the
/// oldest first.
inline constexpr std::int64_t max_finished_messages = 100'000;

} // namespace breakwater

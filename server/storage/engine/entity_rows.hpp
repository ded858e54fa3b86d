#pragma once

#include "base/overloaded.hpp"
#include "base/result.hpp"
#include "domain/alert.hpp"
#include "domain/alert_rule.hpp"
#include "storage/credential_store.hpp"
#include "storage/device_store.hpp"
#include "storage/invitation_store.hpp"
#include "storage/outbox_store.hpp"
#include "storage/policy_store.hpp"
#include "storage/ticket_store.hpp"
#include "storage/user_store.hpp"
#include "storage/webhook_store.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

/// The entities as rows, which are alike in all backends. A `read_…` function takes a row of the backend's
/// `statement`. The statement must select the columns in the order in which the function numbers them. The
/// others give the values of columns, and the errors for rows that don't exist or exist already.
namespace breakwater::storage::engine {

[[nodiscard]] inline error no_such_device() {
    return {.code = errc::not_found, .detail = "Device not found."};
}
[[nodiscard]] inline error no_such_owner() {
    return {.code = errc::not_found, .detail = "The device's owner no longer exists."};
}
[[nodiscard]] inline error device_exists() {
    return {.code = errc::conflict, .detail = "A device with this id exists already."};
}
[[nodiscard]] inline error no_such_user() {
    return {.code = errc::not_found, .detail = "User not found."};
}
[[nodiscard]] inline error address_is_taken() {
    return {.code = errc::bad_state, .detail = "This e-mail address is taken already."};
}
[[nodiscard]] inline error no_such_rule() {
    return {.code = errc::not_found, .detail = "Alert rule not found."};
}
[[nodiscard]] inline error no_such_webhook() {
    return {.code = errc::not_found, .detail = "Webhook not found."};
}

[[nodiscard]] constexpr int number_of(device_status status) noexcept {
    return status == device_status::blocked ? 1 : 0;
}
[[nodiscard]] constexpr int number_of(destination_kind kind) noexcept {
    return static_cast<int>(kind);
}
[[nodiscard]] constexpr int number_of(credential_kind kind) noexcept {
    return static_cast<int>(kind);
}
[[nodiscard]] constexpr std::optional<std::int64_t> number_of(const std::optional<category>& kind) noexcept {
    if (!kind)
        return std::nullopt;
    return static_cast<std::int64_t>(*kind);
}

/// The values of the columns of a device's block; views into the block.
struct block_columns {
    std::optional<std::int64_t> author{};
    bool owner_may_release = false;
    user_id user = 0;
    std::string_view name{};
    std::string_view reason{};
    std::optional<timestamp> at{};
    std::optional<std::int64_t> alert{};
};

[[nodiscard]] inline block_columns columns_of(const std::optional<device_block>& block) {
    if (!block)
        return {};
    return {.author = static_cast<std::int64_t>(block->author),
            .owner_may_release = block->owner_may_release,
            .user = block->user,
            .name = block->name,
            .reason = block->reason,
            .at = block->at,
            .alert = block->alert};
}

/// Empty if the device isn't blocked.
inline constexpr auto read_block = [](const auto& row) -> std::optional<device_block> {
    if (row.is_null(12))
        return std::nullopt;
    return device_block{.author = static_cast<block_author>(row.integer(12)),
                        .owner_may_release = row.integer(13) != 0,
                        .user = row.integer(14),
                        .name = row.text(15),
                        .reason = row.text(16),
                        .at = row.time(17),
                        .alert = row.optional_integer(18)};
};

inline constexpr auto read_device = [](const auto& row) {
    return device{.id = row.id(0),
                  .owner = row.integer(1),
                  .name = row.text(2),
                  .category = static_cast<category>(row.integer(3)),
                  .status = row.integer(4) == 1 ? device_status::blocked : device_status::active,
                  .token_version = row.integer(5),
                  .created_at = row.time(6),
                  .updated_at = row.time(7),
                  .deactivated_at = row.optional_time(8),
                  .simulated = row.integer(9) != 0,
                  .signed_in_at = row.optional_time(10),
                  .first_reading_at = row.optional_time(11),
                  .block = read_block(row)};
};

inline constexpr auto read_user = [](const auto& row) {
    return user{.id = row.integer(0),
                .email = row.text(1),
                .role = row.integer(2) == 1 ? role::admin : role::user,
                .password_hash = row.text(3),
                .session_version = row.integer(4),
                .created_at = row.time(5),
                .disabled_at = row.optional_time(6)};
};

inline constexpr auto read_invitation = [](const auto& row) {
    return invitation{.id = row.integer(0),
                      .token_hash = row.template bytes<32>(1),
                      .email = row.text(2),
                      .role = row.integer(3) == 0 ? role::user : role::admin,
                      .created_by = row.integer(4),
                      .created_at = row.time(5),
                      .expires_at = row.time(6),
                      .used_at = row.optional_time(7)};
};

inline constexpr auto read_ticket = [](const auto& row) {
    return live_ticket{.digest = row.template bytes<32>(0),
                       .user = row.integer(1),
                       .role = row.integer(2) == 0 ? role::user : role::admin,
                       .session_version = row.integer(3),
                       .session = row.id(4),
                       .session_expires_at = row.time(5),
                       .expires_at = row.time(6)};
};

/// Reads the six columns that begin at `first`.
inline constexpr auto read_policy = [](const auto& row, int first) {
    reading_policy out;
    if (const auto interval = row.optional_integer(first))
        out.min_interval = std::chrono::microseconds{*interval};
    out.payload_limit_bytes = row.optional_integer(first + 1);
    out.backfill_per_second = row.optional_integer(first + 2);
    out.backfill_burst = row.optional_integer(first + 3);
    out.keep_readings_days = row.optional_integer(first + 4);
    out.keep_rollups_days = row.optional_integer(first + 5);
    return out;
};

[[nodiscard]] inline std::optional<std::int64_t> micros_of(const reading_policy& policy) {
    if (!policy.min_interval)
        return std::nullopt;
    return policy.min_interval->count();
}

inline constexpr auto read_alert = [](const auto& row) {
    alert out{.id = row.integer(0),
              .rule = row.optional_integer(1),
              .rule_name = row.text(2),
              .kind = static_cast<alert_kind>(row.integer(3)),
              .severity = static_cast<alert_severity>(row.integer(4)),
              .device_name = row.text(6),
              .owner = row.integer(7),
              .subject = row.text(8),
              .summary = row.text(9),
              .state = static_cast<alert_state>(row.integer(10)),
              .count = row.integer(11),
              .quarantined = row.integer(12) != 0,
              .late = row.integer(20) != 0,
              .simulated = row.integer(21) != 0,
              .raised_at = row.time(13),
              .last_raised_at = row.time(14),
              .acknowledged_at = row.optional_time(15),
              .acknowledged_by = row.text(16),
              .resolved_at = row.optional_time(17),
              .resolved_by = row.text(18),
              .note = row.text(19)};
    if (!row.is_null(5)) {
        out.device = row.id(5);
        out.device_deleted = row.is_null(22);
    }
    return out;
};

inline constexpr auto read_condition = [](const auto& row) -> alert_condition {
    switch (static_cast<alert_kind>(row.integer(9))) {
    case alert_kind::field: break;
    case alert_kind::silence: return silence_condition{.intervals = row.integer(17)};
    case alert_kind::security:
        return security_condition{.incident = static_cast<incident_kind>(row.integer(18)),
                                  .count = row.integer(19),
                                  .within = std::chrono::seconds{row.integer(20)}};
    }
    return field_condition{.field = row.text(10),
                           .test = static_cast<field_test>(row.integer(11)),
                           .low = row.real(12),
                           .high = row.real(13),
                           .value = row.text(14),
                           .hysteresis = row.real(15),
                           .hold = std::chrono::seconds{row.integer(16)}};
};

inline constexpr auto read_rule = [](const auto& row) {
    alert_rule out{.id = row.integer(0),
                   .name = row.text(1),
                   .severity = static_cast<alert_severity>(row.integer(2)),
                   .enabled = row.integer(3) != 0,
                   .when = read_condition(row),
                   .quarantine = row.integer(6) != 0,
                   .owner_may_release = row.integer(21) != 0,
                   .created_at = row.time(7),
                   .updated_at = row.time(8)};
    if (!row.is_null(4))
        out.category = static_cast<category>(row.integer(4));
    if (!row.is_null(5))
        out.device = row.id(5);
    return out;
};

inline constexpr auto read_webhook = [](const auto& row) {
    return webhook{.id = row.integer(0),
                   .name = row.text(1),
                   .url = row.text(2),
                   .min_severity = static_cast<alert_severity>(row.integer(3)),
                   .enabled = row.integer(4) != 0,
                   .created_at = row.time(5),
                   .updated_at = row.time(6)};
};

inline constexpr auto read_destination = [](const auto& row, int first) {
    return destination_key{.kind = static_cast<destination_kind>(row.integer(first)),
                           .id = row.integer(first + 1)};
};

inline constexpr auto read_message = [](const auto& row) {
    outbox_message out{.id = row.integer(0),
                       .destination = read_destination(row, 1),
                       .payload = row.text(3),
                       .state = static_cast<delivery_state>(row.integer(4)),
                       .attempts = row.integer(5),
                       .next_attempt_at = row.optional_time(6),
                       .created_at = row.time(7),
                       .finished_at = row.optional_time(8),
                       .last_error = row.text(9)};
    if (!row.is_null(10))
        out.last_status = row.integer(10);
    return out;
};

/// The pending messages of one destination, or of all.
struct pending_sum {
    std::int64_t count = 0;
    std::int64_t bytes = 0;
};

/// Whether one more message with a payload of `bytes` may be pending for the destination that has `own`.
[[nodiscard]] constexpr bool has_room(const pending_sum& total, const pending_sum& own,
                                      std::int64_t bytes) noexcept {
    if (own.count >= max_pending_per_destination || own.bytes + bytes > max_pending_bytes_per_destination)
        return false;
    return (own.count < reserved_messages && own.bytes + bytes <= reserved_bytes) ||
           (total.count < max_pending_messages && total.bytes + bytes <= max_pending_bytes);
}

/// Calls `run` with the statement for the kind of subject, and with its id.
auto for_subject(const credential_subject& subject, const char* device_sql, const char* user_sql, auto run) {
    return std::visit(overloaded{[&](const device_id& id) { return run(device_sql, id); },
                                 [&](user_id id) { return run(user_sql, id); }},
                      subject);
}

} // namespace breakwater::storage::engine

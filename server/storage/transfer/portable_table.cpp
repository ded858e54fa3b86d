#include "storage/transfer/portable_table.hpp"

#include "storage/blocks/bytes.hpp"

#include <array>
#include <bit>
#include <utility>

namespace breakwater::storage::transfer {

namespace {

using enum column_type;

constexpr column users[] = {{"id", integer},
                            {"email", text},
                            {"role", integer},
                            {"password_hash", text},
                            {"session_version", integer},
                            {"created_at", integer},
                            {"disabled_at", integer}};
constexpr column devices[] = {{"key", integer},
                              {"id", bytes},
                              {"owner", integer},
                              {"name", text},
                              {"category", integer},
                              {"status", integer},
                              {"token_version", integer},
                              {"created_at", integer},
                              {"updated_at", integer},
                              {"deactivated_at", integer},
                              {"simulated", boolean},
                              {"signed_in_at", integer},
                              {"first_reading_at", integer},
                              {"block_author", integer},
                              {"block_owner_may_release", boolean},
                              {"blocked_by_user", integer},
                              {"blocked_by", text},
                              {"block_reason", text},
                              {"blocked_at", integer},
                              {"block_alert", integer}};
constexpr column removed_devices[] = {{"key", integer}};
constexpr column credentials[] = {
    {"id", integer},         {"device", integer},     {"user", integer},
    {"kind", integer},       {"verifier", text},      {"scopes", text},
    {"created_at", integer}, {"expires_at", integer}, {"last_used_at", integer}};
constexpr column refresh_tokens[] = {{"hash", bytes},         {"family", bytes},
                                     {"user", integer},       {"issued_at", integer},
                                     {"expires_at", integer}, {"family_expires_at", integer},
                                     {"used_at", integer},    {"revoked", boolean}};
constexpr column invitations[] = {{"id", integer},         {"token_hash", bytes},   {"email", text},
                                  {"role", integer},       {"created_by", integer}, {"created_at", integer},
                                  {"expires_at", integer}, {"used_at", integer}};
constexpr column category_policies[] = {{"category", integer},
                                        {"min_interval", integer},
                                        {"payload_limit_bytes", integer},
                                        {"backfill_per_second", integer},
                                        {"backfill_burst", integer},
                                        {"keep_readings_days", integer},
                                        {"keep_rollups_days", integer}};
constexpr column device_policies[] = {{"device", integer},
                                      {"min_interval", integer},
                                      {"payload_limit_bytes", integer},
                                      {"backfill_per_second", integer},
                                      {"backfill_burst", integer},
                                      {"keep_readings_days", integer},
                                      {"keep_rollups_days", integer}};
constexpr column limit_states[] = {{"device", integer}, {"millitokens", integer}, {"at", integer}};
constexpr column alert_rules[] = {
    {"id", integer},         {"name", text},          {"severity", integer},   {"enabled", boolean},
    {"category", integer},   {"device", integer},     {"quarantine", boolean}, {"owner_may_release", boolean},
    {"created_at", integer}, {"updated_at", integer}, {"kind", integer},       {"field", text},
    {"test", integer},       {"low", real},           {"high", real},          {"value", text},
    {"hysteresis", real},    {"hold", integer},       {"intervals", integer},  {"incident", integer},
    {"count", integer},      {"within", integer}};
constexpr column alerts[] = {{"id", integer},
                             {"rule", integer},
                             {"rule_name", text},
                             {"kind", integer},
                             {"severity", integer},
                             {"device", integer},
                             {"device_id", bytes},
                             {"device_name", text},
                             {"subject", text},
                             {"summary", text},
                             {"state", integer},
                             {"count", integer},
                             {"quarantined", boolean},
                             {"late", boolean},
                             {"simulated", boolean},
                             {"raised_at", integer},
                             {"last_raised_at", integer},
                             {"acknowledged_at", integer},
                             {"acknowledged_by", text},
                             {"resolved_at", integer},
                             {"resolved_by", text},
                             {"note", text}};
constexpr column webhooks[] = {
    {"id", integer},           {"name", text},       {"url", text},           {"secret", text},
    {"min_severity", integer}, {"enabled", boolean}, {"created_at", integer}, {"updated_at", integer}};
constexpr column outbox[] = {{"id", integer},
                             {"kind", integer},
                             {"destination", integer},
                             {"payload", text},
                             {"state", integer},
                             {"attempts", integer},
                             {"next_attempt_at", integer},
                             {"created_at", integer},
                             {"finished_at", integer},
                             {"last_error", text},
                             {"last_status", integer},
                             {"withdrawal_key", integer}};
constexpr column outbox_removed[] = {{"kind", integer}, {"destination", integer}};
constexpr column imports[] = {{"id", integer},    {"digest", bytes},     {"bytes", integer},
                              {"lines", integer}, {"readings", integer}, {"complete", boolean},
                              {"at", integer}};
constexpr column clock_state[] = {
    {"id", integer}, {"seen_at", integer}, {"held_for", integer}, {"ahead", integer}};
constexpr column changes[] = {{"position", integer}, {"kind", text}, {"key", text}};
constexpr column security_events[] = {
    {"id", integer},       {"created_at", integer}, {"actor_type", text},    {"actor_id", text},
    {"event_type", text},  {"status", text},        {"detail", text},        {"source_address", text},
    {"request_id", text},  {"route", text},         {"simulated", boolean},  {"count", integer},
    {"target_type", text}, {"target_id", text},     {"other_targets", text}, {"unlisted_targets", integer}};
constexpr column event_targets[] = {
    {"kind", text}, {"object", text}, {"at", integer}, {"event", integer}, {"routine", boolean}};
constexpr column compactions[] = {{"device", integer}, {"through", integer}};
constexpr column blocks[] = {{"device", integer},
                             {"first_received", integer},
                             {"first_id", integer},
                             {"last_received", integer},
                             {"last_id", integer},
                             {"count", integer},
                             {"simulated", integer},
                             {"first_real", integer},
                             {"last_real", integer},
                             {"first_measured", integer},
                             {"last_measured", integer},
                             {"span", integer},
                             {"bytes", bytes}};
constexpr column rollups[] = {
    {"device", integer}, {"level", integer}, {"simulated", boolean}, {"begins", integer}, {"bytes", bytes}};
constexpr column latest[] = {{"device", integer}, {"bytes", bytes}};
constexpr column message_ids[] = {{"device", integer},
                                  {"message_id", text},
                                  {"reading", integer},
                                  {"received_at", integer},
                                  {"stored_at", integer}};
constexpr column buffered_readings[] = {
    {"id", integer},          {"device", integer},           {"simulated", boolean},
    {"received_at", integer}, {"device_timestamp", integer}, {"payload", bytes}};

constexpr std::array tables{
    table{.name = "users", .columns = users, .key_columns = 1, .assigns_ids = true},
    table{.name = "devices", .columns = devices, .key_columns = 1, .assigns_ids = true},
    table{.name = "removed_devices", .columns = removed_devices, .key_columns = 1},
    table{.name = "credentials", .columns = credentials, .key_columns = 1, .assigns_ids = true},
    table{.name = "refresh_tokens", .columns = refresh_tokens, .key_columns = 1},
    table{.name = "invitations", .columns = invitations, .key_columns = 1, .assigns_ids = true},
    table{.name = "category_policies", .columns = category_policies, .key_columns = 1},
    table{.name = "device_policies", .columns = device_policies, .key_columns = 1},
    table{.name = "limit_states", .columns = limit_states, .key_columns = 1},
    table{.name = "alert_rules",
          .columns = alert_rules,
          .key_columns = 1,
          .assigns_ids = true,
          .has_first_rows = true},
    table{.name = "alerts", .columns = alerts, .key_columns = 1, .assigns_ids = true},
    table{.name = "webhooks", .columns = webhooks, .key_columns = 1, .assigns_ids = true},
    table{.name = "outbox", .columns = outbox, .key_columns = 1, .assigns_ids = true},
    table{.name = "outbox_removed", .columns = outbox_removed, .key_columns = 2},
    table{.name = "imports", .columns = imports, .key_columns = 1, .assigns_ids = true},
    table{.name = "clock_state", .columns = clock_state, .key_columns = 1},
    table{.name = "changes", .columns = changes, .key_columns = 1},
    table{.name = "security_events",
          .columns = security_events,
          .key_columns = 1,
          .replaces_nul = true,
          .assigns_ids = true},
    table{.name = "event_targets", .columns = event_targets, .key_columns = 4},
    table{.name = "compactions", .columns = compactions, .key_columns = 1},
    table{.name = blocks_table, .columns = blocks, .key_columns = 3},
    table{.name = "rollups", .columns = rollups, .key_columns = 4},
    table{.name = "latest", .columns = latest, .key_columns = 1},
    table{.name = "message_ids", .columns = message_ids, .key_columns = 2},
    table{.name = buffered_table, .columns = buffered_readings, .key_columns = 1}};

/// Tags of the encoding: the indices of `value`.
enum class tag : std::uint8_t { null, integer, real, bytes };

} // namespace

std::span<const table> portable_tables() noexcept {
    return tables;
}

void encode(std::string& out, std::span<const value> values) {
    for (const value& next : values) {
        storage::blocks::put_byte(out, static_cast<std::uint8_t>(next.index()));
        if (const auto* number = std::get_if<std::int64_t>(&next))
            storage::blocks::put_varint(out, storage::blocks::zigzag(*number));
        else if (const auto* fraction = std::get_if<double>(&next))
            storage::blocks::put_varint(out, std::bit_cast<std::uint64_t>(*fraction));
        else if (const auto* content = std::get_if<std::string>(&next))
            storage::blocks::put_text(out, *content);
    }
}

result<row> decode(std::string_view encoded, std::size_t count) {
    storage::blocks::byte_source source{encoded};
    row values;
    for (std::size_t i = 0; i < count; ++i)
        switch (tag{source.byte()}) {
        case tag::null: values.emplace_back(); break;
        case tag::integer: values.emplace_back(storage::blocks::unzigzag(source.varint())); break;
        case tag::real: values.emplace_back(std::bit_cast<double>(source.varint())); break;
        case tag::bytes: values.emplace_back(std::string{source.text()}); break;
        default: source.fail();
        }
    if (source.failed() || !source.at_end())
        return fail(errc::malformed, "The position of the migration is damaged.");
    return values;
}

std::size_t size_of(const row& values) noexcept {
    std::size_t size = values.size() * sizeof(value);
    for (const value& next : values)
        if (const auto* content = std::get_if<std::string>(&next))
            size += content->size();
    return size;
}

} // namespace breakwater::storage::transfer

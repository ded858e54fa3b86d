#include "base/folded_text.hpp"
#include "storage/postgres/conditions.hpp"
#include "storage/postgres/stores.hpp"

namespace breakwater::storage::postgres {

namespace {

/// Empty if the device isn't blocked.
std::optional<device_block> read_block(const statement& row) {
    if (row.is_null(12))
        return std::nullopt;
    device_block out{.author = static_cast<block_author>(row.integer(12)),
                     .owner_may_release = row.integer(13) != 0,
                     .user = row.integer(14),
                     .name = row.text(15),
                     .reason = row.text(16),
                     .at = row.time(17)};
    if (!row.is_null(18))
        out.alert = row.integer(18);
    return out;
}

/// The values of a block's columns; views into the block.
struct block_columns {
    std::optional<std::int64_t> author{};
    bool owner_may_release = false;
    user_id user = 0;
    std::string_view name{};
    std::string_view reason{};
    std::optional<timestamp> at{};
    std::optional<std::int64_t> alert{};
};

block_columns columns_of(const std::optional<device_block>& block) {
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

constexpr const char* one_device =
    "SELECT id, owner, name, category, status, token_version, created_at, updated_at,"
    " deactivated_at, simulated, signed_in_at, first_reading_at, block_author, block_owner_may_release,"
    " blocked_by_user, blocked_by, block_reason, blocked_at, block_alert FROM devices WHERE id = $1";
constexpr std::string_view many_devices =
    "SELECT id, owner, name, category, status, token_version, created_at, updated_at,"
    " deactivated_at, simulated, signed_in_at, first_reading_at, block_author, block_owner_may_release,"
    " blocked_by_user, blocked_by, block_reason, blocked_at, block_alert FROM devices";

device read_device(const statement& row) {
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
}

constexpr int number_of(device_status status) noexcept {
    return status == device_status::blocked ? 1 : 0;
}

error no_such_owner() {
    return {.code = errc::not_found, .detail = "The device's owner no longer exists."};
}

error no_such_device() {
    return {.code = errc::not_found, .detail = "Device not found."};
}

} // namespace

result<std::optional<device>> device_store::find(device_id id) const {
    statement query = db_.prepare(one_device);
    return query.bind(id).first(read_device);
}

result<std::vector<device>> device_store::list(const device_query& query) const {
    conditions where;
    if (query.owner)
        where.add("owner = ?", *query.owner);
    if (query.status)
        where.add("status = ?", std::int64_t{number_of(*query.status)});
    if (query.category)
        where.add("category = ?", static_cast<std::int64_t>(*query.category));
    const std::string name_part = folded(query.name_contains);
    if (!name_part.empty())
        where.add("position(? IN folded_name) > 0", std::string_view{name_part});
    if (query.after)
        where.add("(created_at, id) > (?, ?)", micros(query.after->created_at), query.after->id);
    statement rows = db_.prepare_once(std::string{many_devices} + where.text() +
                                      " ORDER BY created_at, id LIMIT " + where.next_parameter());
    const int at = where.bind_to(rows);
    rows.bind_one(at, query.limit ? std::optional{static_cast<std::int64_t>(*query.limit)} : std::nullopt);
    return rows.rows(read_device);
}

result<std::int64_t> device_store::count(user_id owner, std::int64_t limit) const {
    statement query = db_.prepare(
        "SELECT count(*) FROM (SELECT 1 FROM devices WHERE owner = $1 LIMIT greatest($2, 0)) AS counted");
    auto counted = query.bind(owner, limit).first([](const statement& row) { return row.integer(0); });
    if (!counted)
        return pass(std::move(counted));
    return counted->value_or(0);
}

result<void> device_store::insert(const device& added) {
    memory_->device_added = true;
    const block_columns block = columns_of(added.block);
    const auto changes = db_.run(
        "INSERT INTO devices (id, owner, name, folded_name, category, status, token_version, created_at,"
        " updated_at, deactivated_at, simulated, signed_in_at, block_author, block_owner_may_release,"
        " blocked_by_user, blocked_by, block_reason, blocked_at, block_alert)"
        " SELECT $1, id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19"
        " FROM users WHERE id = $2 ON CONFLICT (id) DO NOTHING",
        added.id, added.owner, added.name, folded(added.name), static_cast<int>(added.category),
        number_of(added.status), added.token_version, added.created_at, added.updated_at,
        added.deactivated_at, added.simulated, added.signed_in_at, block.author, block.owner_may_release,
        block.user, block.name, block.reason, block.at, block.alert);
    if (!changes)
        return std::unexpected(changes.error());
    if (*changes != 0)
        return {};
    const auto existing = find(added.id);
    if (!existing)
        return std::unexpected(existing.error());
    if (*existing)
        return fail(errc::conflict, "A device with this id exists already.");
    return std::unexpected(no_such_owner());
}

result<void> device_store::update(const device& changed) {
    const block_columns block = columns_of(changed.block);
    const auto changes = db_.run(
        "UPDATE devices SET owner = $2, name = $3, folded_name = $4, category = $5, status = $6,"
        " token_version = $7, updated_at = $8, deactivated_at = $9, simulated = $10, signed_in_at = $11,"
        " block_author = $12, block_owner_may_release = $13, blocked_by_user = $14, blocked_by = $15,"
        " block_reason = $16, blocked_at = $17, block_alert = $18"
        " WHERE id = $1 AND EXISTS (SELECT 1 FROM users WHERE id = $2)",
        changed.id, changed.owner, changed.name, folded(changed.name), static_cast<int>(changed.category),
        number_of(changed.status), changed.token_version, changed.updated_at, changed.deactivated_at,
        changed.simulated, changed.signed_in_at, block.author, block.owner_may_release, block.user,
        block.name, block.reason, block.at, block.alert);
    if (!changes)
        return std::unexpected(changes.error());
    if (*changes != 0)
        return {};
    const auto existing = find(changed.id);
    if (!existing)
        return std::unexpected(existing.error());
    return std::unexpected(*existing ? no_such_owner() : no_such_device());
}

result<void> device_store::remove(device_id id) {
    memory_->devices.erase(id);
    // A device may have millions of readings, and all clients share the writer: `series_store::purge`
    // removes them later, in small steps.
    if (auto done =
            db_.run_later("INSERT INTO removed_devices (key) SELECT key FROM devices WHERE id = $1", id);
        !done)
        return done;
    const auto changes = db_.run("DELETE FROM devices WHERE id = $1", id);
    if (!changes)
        return std::unexpected(changes.error());
    if (*changes == 0)
        return std::unexpected(no_such_device());
    return {};
}

} // namespace breakwater::storage::postgres

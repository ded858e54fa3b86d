#include "base/folded_text.hpp"
#include "storage/engine/entity_rows.hpp"
#include "storage/postgres/conditions.hpp"
#include "storage/postgres/stores.hpp"

namespace breakwater::storage::postgres {

namespace {

using engine::block_columns;
using engine::columns_of;
using engine::device_exists;
using engine::no_such_device;
using engine::no_such_owner;
using engine::number_of;
using engine::read_device;

constexpr const char* one_device =
    "SELECT id, owner, name, category, status, token_version, created_at, updated_at,"
    " deactivated_at, simulated, signed_in_at, first_reading_at, block_author, block_owner_may_release,"
    " blocked_by_user, blocked_by, block_reason, blocked_at, block_alert FROM devices WHERE id = $1";
constexpr std::string_view many_devices =
    "SELECT id, owner, name, category, status, token_version, created_at, updated_at,"
    " deactivated_at, simulated, signed_in_at, first_reading_at, block_author, block_owner_may_release,"
    " blocked_by_user, blocked_by, block_reason, blocked_at, block_alert FROM devices";

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
        return std::unexpected(device_exists());
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

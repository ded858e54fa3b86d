#include "base/folded_text.hpp"
#include "storage/engine/entity_rows.hpp"
#include "storage/sqlite/conditions.hpp"
#include "storage/sqlite/stores.hpp"

#include <sqlite3.h>

namespace breakwater::storage::sqlite {

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
    " deactivated_at, simulated, signed_in_at, first_heard_at, block_author, block_owner_may_release,"
    " blocked_by_user, blocked_by, block_reason, blocked_at, block_alert FROM devices WHERE id = ?1";
constexpr std::string_view many_devices =
    "SELECT id, owner, name, category, status, token_version, created_at, updated_at,"
    " deactivated_at, simulated, signed_in_at, first_heard_at, block_author, block_owner_may_release,"
    " blocked_by_user, blocked_by, block_reason, blocked_at, block_alert FROM devices";

error explain(const connection& db, error failed) {
    if (db.last_failure_code() == SQLITE_CONSTRAINT_FOREIGNKEY)
        return no_such_owner();
    if (db.last_failure_code() == SQLITE_CONSTRAINT_UNIQUE)
        return device_exists();
    return failed;
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
        where.add("instr(folded(name), ?) > 0", std::string_view{name_part});
    if (query.after)
        where.add("(created_at, id) > (?, ?)", micros(query.after->created_at), query.after->id);
    statement rows =
        db_.prepare_once(std::string{many_devices} + where.text() + " ORDER BY created_at, id LIMIT ?");
    const int at = where.bind_to(rows);
    rows.bind_one(at, query.limit ? static_cast<std::int64_t>(*query.limit) : std::int64_t{-1});
    return rows.rows(read_device);
}

result<std::int64_t> device_store::count(user_id owner, std::int64_t limit) const {
    statement query =
        db_.prepare("SELECT count(*) FROM (SELECT 1 FROM devices WHERE owner = ?1 LIMIT max(?2, 0))");
    auto counted = query.bind(owner, limit).first([](const statement& row) { return row.integer(0); });
    if (!counted)
        return pass(std::move(counted));
    return counted->value_or(0);
}

result<void> device_store::insert(const device& added) {
    memory_->device_added = true;
    const block_columns block = columns_of(added.block);
    auto done =
        db_.run("INSERT INTO devices (id, owner, name, category, status, token_version, created_at,"
                " updated_at, deactivated_at, simulated, signed_in_at, block_author, block_owner_may_release,"
                " blocked_by_user, blocked_by, block_reason, blocked_at, block_alert)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
                added.id, added.owner, added.name, static_cast<int>(added.category), number_of(added.status),
                added.token_version, added.created_at, added.updated_at, added.deactivated_at,
                added.simulated, added.signed_in_at, block.author, block.owner_may_release, block.user,
                block.name, block.reason, block.at, block.alert);
    if (!done)
        return std::unexpected(explain(db_, std::move(done).error()));
    return {};
}

result<void> device_store::update(const device& changed) {
    const block_columns block = columns_of(changed.block);
    auto done = db_.run(
        "UPDATE devices SET owner = ?2, name = ?3, category = ?4, status = ?5, token_version = ?6,"
        " updated_at = ?7, deactivated_at = ?8, simulated = ?9, signed_in_at = ?10, block_author = ?11,"
        " block_owner_may_release = ?12, blocked_by_user = ?13, blocked_by = ?14, block_reason = ?15,"
        " blocked_at = ?16, block_alert = ?17 WHERE id = ?1",
        changed.id, changed.owner, changed.name, static_cast<int>(changed.category),
        number_of(changed.status), changed.token_version, changed.updated_at, changed.deactivated_at,
        changed.simulated, changed.signed_in_at, block.author, block.owner_may_release, block.user,
        block.name, block.reason, block.at, block.alert);
    if (!done)
        return std::unexpected(explain(db_, std::move(done).error()));
    if (db_.changes() == 0)
        return std::unexpected(no_such_device());
    return {};
}

result<void> device_store::remove(device_id id) {
    memory_->devices.erase(id);
    // A device may have millions of readings, and all clients share the writer: `series_store::purge`
    // removes them later, in small steps.
    if (auto done = db_.run("INSERT INTO removed_devices (key) SELECT key FROM devices WHERE id = ?1", id);
        !done)
        return done;
    if (auto done = db_.run("DELETE FROM devices WHERE id = ?1", id); !done)
        return done;
    if (db_.changes() == 0)
        return std::unexpected(no_such_device());
    return {};
}

} // namespace breakwater::storage::sqlite

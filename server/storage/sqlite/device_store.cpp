#include "storage/sqlite/conditions.hpp"
#include "storage/sqlite/stores.hpp"

#include <sqlite3.h>

namespace breakwater::storage::sqlite {

namespace {

device read_device(const statement& row) {
    return device{.id = row.id(0),
                  .owner = row.integer(1),
                  .name = row.text(2),
                  .category = static_cast<category>(row.integer(3)),
                  .status = row.integer(4) == 1 ? device_status::blocked : device_status::active,
                  .secret_hash = row.text(5),
                  .token_version = row.integer(6),
                  .created_at = row.time(7),
                  .updated_at = row.time(8),
                  .deactivated_at = row.optional_time(9)};
}

constexpr int number_of(device_status status) noexcept {
    return status == device_status::blocked ? 1 : 0;
}

error explain(const connection& db, error failed) {
    if (db.last_failure_code() == SQLITE_CONSTRAINT_FOREIGNKEY)
        return {.code = errc::not_found, .detail = "The device's owner no longer exists."};
    if (db.last_failure_code() == SQLITE_CONSTRAINT_UNIQUE)
        return {.code = errc::conflict, .detail = "A device with this id exists already."};
    return failed;
}

error no_such_device() {
    return {.code = errc::not_found, .detail = "Device not found."};
}

} // namespace

result<std::optional<device>> device_store::find(device_id id) const {
    statement query =
        db_.prepare("SELECT id, owner, name, category, status, secret_hash, token_version, created_at,"
                    " updated_at, deactivated_at FROM devices WHERE id = ?1");
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
    if (!query.name_contains.empty())
        where.add("instr(lower(name), lower(?)) > 0", std::string_view{query.name_contains});
    if (query.after)
        where.add("(created_at, id) > (?, ?)", micros(query.after->created_at), query.after->id);
    statement rows =
        db_.prepare_once("SELECT id, owner, name, category, status, secret_hash, token_version, created_at,"
                         " updated_at, deactivated_at FROM devices" +
                         where.text() + " ORDER BY created_at, id LIMIT ?");
    const int at = where.bind_to(rows);
    rows.bind_one(at, query.limit ? static_cast<std::int64_t>(*query.limit) : std::int64_t{-1});
    return rows.rows(read_device);
}

result<void> device_store::insert(const device& added) {
    memory_->device_added = true;
    auto done = db_.run(
        "INSERT INTO devices (id, owner, name, category, status, secret_hash, token_version, created_at,"
        " updated_at, deactivated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        added.id, added.owner, added.name, static_cast<int>(added.category), number_of(added.status),
        added.secret_hash, added.token_version, added.created_at, added.updated_at, added.deactivated_at);
    if (!done)
        return std::unexpected(explain(db_, std::move(done).error()));
    return {};
}

result<void> device_store::update(const device& changed) {
    auto done =
        db_.run("UPDATE devices SET owner = ?2, name = ?3, category = ?4, status = ?5, secret_hash = ?6,"
                " token_version = ?7, updated_at = ?8, deactivated_at = ?9 WHERE id = ?1",
                changed.id, changed.owner, changed.name, static_cast<int>(changed.category),
                number_of(changed.status), changed.secret_hash, changed.token_version, changed.updated_at,
                changed.deactivated_at);
    if (!done)
        return std::unexpected(explain(db_, std::move(done).error()));
    if (db_.changes() == 0)
        return std::unexpected(no_such_device());
    return {};
}

result<void> device_store::remove(device_id id) {
    memory_->devices.erase(id);
    // Its readings may be millions, and the writer is everybody's: they go later, bit by bit.
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

#include "storage/engine/entity_rows.hpp"
#include "storage/sqlite/stores.hpp"

#include <sqlite3.h>

namespace breakwater::storage::sqlite {

namespace {

using engine::address_is_taken;
using engine::no_such_user;
using engine::read_user;

error explain(const connection& db, error failed) {
    if (db.last_failure_code() == SQLITE_CONSTRAINT_UNIQUE)
        return address_is_taken();
    return failed;
}

} // namespace

result<std::optional<user>> user_store::find(user_id id) const {
    statement query =
        db_.prepare("SELECT id, email, role, password_hash, session_version, created_at, disabled_at"
                    " FROM users WHERE id = ?1");
    return query.bind(id).first(read_user);
}

result<std::optional<user>> user_store::find_by_email(std::string_view email) const {
    statement query =
        db_.prepare("SELECT id, email, role, password_hash, session_version, created_at, disabled_at"
                    " FROM users WHERE email = ?1");
    return query.bind(email).first(read_user);
}

result<std::vector<user>> user_store::list() const {
    statement query =
        db_.prepare("SELECT id, email, role, password_hash, session_version, created_at, disabled_at"
                    " FROM users ORDER BY id");
    return query.rows(read_user);
}

result<user_id> user_store::insert(const user& added) {
    auto done = db_.run("INSERT INTO users (email, role, password_hash, session_version, created_at,"
                        " disabled_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                        added.email, added.role == role::admin, added.password_hash, added.session_version,
                        added.created_at, added.disabled_at);
    if (!done)
        return std::unexpected(explain(db_, std::move(done).error()));
    return db_.last_insert_id();
}

result<void> user_store::update(const user& changed) {
    auto done = db_.run("UPDATE users SET email = ?2, role = ?3, password_hash = ?4, session_version = ?5,"
                        " disabled_at = ?6 WHERE id = ?1",
                        changed.id, changed.email, changed.role == role::admin, changed.password_hash,
                        changed.session_version, changed.disabled_at);
    if (!done)
        return std::unexpected(explain(db_, std::move(done).error()));
    if (db_.changes() == 0)
        return std::unexpected(no_such_user());
    return {};
}

result<void> user_store::remove(user_id id) {
    memory_->devices.clear();
    if (auto done = db_.run("INSERT INTO removed_devices (key) SELECT key FROM devices WHERE owner = ?1", id);
        !done)
        return done;
    // Foreign keys also delete the user's devices and refresh tokens.
    if (auto done = db_.run("DELETE FROM users WHERE id = ?1", id); !done)
        return done;
    if (db_.changes() == 0)
        return std::unexpected(no_such_user());
    return {};
}

} // namespace breakwater::storage::sqlite

#include "storage/sqlite/migrations.hpp"

#include <string>

namespace breakwater::storage::sqlite {

namespace {

/// `BRKW` in the file's header identifies a Breakwater database, also for `file(1)`.
constexpr std::int64_t our_application_id = 0x42524b57;

result<std::int64_t> number_of(connection& db, const char* sql) {
    statement query = db.prepare(sql);
    auto row = query.step();
    if (!row)
        return pass(std::move(row));
    return *row ? query.integer(0) : 0;
}

/// The number of migrations that the database has. Fails unless all of them match ours.
result<std::size_t> count_applied(connection& db) {
    const auto owner = number_of(db, "PRAGMA application_id");
    const auto tables = number_of(db, "SELECT count(*) FROM sqlite_schema");
    if (!owner)
        return std::unexpected(owner.error());
    if (!tables)
        return std::unexpected(tables.error());
    if (*owner == 0 && *tables == 0)
        return 0;
    if (*owner != our_application_id)
        return fail(errc::invalid_input,
                    "The file is a SQLite database, but not a Breakwater database. It was not changed.");

    statement rows = db.prepare("SELECT number, name, checksum FROM schema_migrations ORDER BY number");
    const auto applied = rows.rows([](const statement& row) {
        return engine::applied_migration{row.integer(0), row.text(1), row.text(2)};
    });
    if (!applied)
        return std::unexpected(applied.error());
    return engine::count_applied(migrations(), *applied);
}

result<void> apply(connection& db, const engine::migration& next) {
    if (auto begun = db.run("BEGIN IMMEDIATE"); !begun)
        return begun;
    auto done = db.execute_script(next.text);
    if (done)
        done = db.run("INSERT INTO schema_migrations VALUES (?1, ?2, ?3, unixepoch())", next.number,
                      next.name, next.checksum);
    if (done)
        done = db.run("COMMIT");
    if (!done && db.in_transaction())
        (void)db.run("ROLLBACK");
    return done;
}

} // namespace

result<void> migrate(connection& db) {
    auto applied = count_applied(db);
    if (!applied)
        return pass(std::move(applied));
    if (auto complete = engine::require_complete(db); !complete)
        return complete;
    if (*applied == 0) {
        auto created = db.execute_script(
            "BEGIN IMMEDIATE;"
            "PRAGMA application_id = 0x42524b57;"
            "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER PRIMARY KEY,"
            " name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT;"
            "COMMIT;");
        if (!created)
            return created;
    }
    for (const engine::migration& next : migrations().subspan(*applied))
        if (auto done = apply(db, next); !done)
            return done;
    return {};
}

result<void> require_migrated(connection& db) {
    if (auto checked = require_schema(db); !checked)
        return checked;
    return engine::require_complete(db);
}

result<void> require_schema(connection& db) {
    auto applied = count_applied(db);
    if (!applied)
        return pass(std::move(applied));
    if (*applied != migrations().size())
        return fail(errc::storage_unavailable, "The database comes from an older version of Breakwater. "
                                               "Start the server once to update it.");
    return {};
}

result<bool> has_incomplete_transfer(connection& db) {
    statement query = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1");
    return query.bind(engine::incomplete_transfer_table).step();
}

} // namespace breakwater::storage::sqlite

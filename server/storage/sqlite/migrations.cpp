#include "storage/sqlite/migrations.hpp"

#include <string>

namespace breakwater::storage::sqlite {

namespace {

/// `BRKW`: in the file's header, for `file` and for us.
constexpr std::int64_t our_application_id = 0x42524b57;

result<std::int64_t> number_of(connection& db, const char* sql) {
    statement query = db.prepare(sql);
    auto row = query.step();
    if (!row)
        return pass(std::move(row));
    return *row ? query.integer(0) : 0;
}

/// How many migrations the database has, all of them ours.
result<int> applied(connection& db) {
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
                    "The file is a SQLite database, but not one of Breakwater's; it was left as it is.");

    statement rows = db.prepare("SELECT number, name, checksum FROM schema_migrations ORDER BY number");
    int count = 0;
    for (;;) {
        auto row = rows.step();
        if (!row)
            return pass(std::move(row));
        if (!*row)
            return count;
        const auto known = migrations();
        const auto number = rows.integer(0);
        if (number > static_cast<std::int64_t>(known.size()))
            return fail(errc::storage_unavailable,
                        "The database comes from a newer version of Breakwater (it has " + rows.text(1) +
                            "); run that version, or restore a backup made by this one.");
        const migration& ours = known[static_cast<std::size_t>(count)];
        if (number != ours.number || rows.text_view(2) != ours.checksum)
            return fail(errc::storage_unavailable, "The database was made with another text of migration " +
                                                       std::string{ours.name} + "; it can't be used safely.");
        ++count;
    }
}

result<void> apply(connection& db, const migration& next) {
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
    auto have = applied(db);
    if (!have)
        return pass(std::move(have));
    if (*have == 0) {
        auto made = db.execute_script(
            "BEGIN IMMEDIATE;"
            "PRAGMA application_id = 0x42524b57;"
            "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER PRIMARY KEY,"
            " name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT;"
            "COMMIT;");
        if (!made)
            return made;
    }
    for (const migration& next : migrations().subspan(static_cast<std::size_t>(*have)))
        if (auto done = apply(db, next); !done)
            return done;
    return {};
}

result<void> require_migrated(connection& db) {
    auto have = applied(db);
    if (!have)
        return pass(std::move(have));
    if (static_cast<std::size_t>(*have) != migrations().size())
        return fail(errc::storage_unavailable, "The database comes from an older version of Breakwater; "
                                               "start the server once to bring it up to date.");
    return {};
}

} // namespace breakwater::storage::sqlite

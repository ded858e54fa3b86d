#include "storage/postgres/migrations.hpp"

#include "storage/postgres/locks.hpp"

#include <string>

namespace breakwater::storage::postgres {

namespace {

/// `BRKW`; the key of the lock under which migrations are applied.
constexpr std::int64_t migration_lock = 0x42524b57;

/// The first version that has nodes.
constexpr std::int64_t first_with_nodes = 3;

/// The number of migrations that the database has; empty if it is new.
result<std::optional<std::size_t>> count_applied(connection& db) {
    statement existing =
        db.prepare("SELECT to_regclass('schema_migrations') IS NOT NULL, EXISTS (SELECT 1 FROM pg_class"
                   " WHERE relnamespace = to_regnamespace(current_schema()) AND relkind IN ('r', 'p'))");
    const auto row = existing.step();
    if (!row)
        return std::unexpected(row.error());
    if (!existing.boolean(0)) {
        if (existing.boolean(1))
            return fail(errc::invalid_input,
                        "The database has tables of another program. It was not changed.");
        return std::nullopt;
    }
    const auto applied =
        db.prepare("SELECT number, name, checksum FROM schema_migrations ORDER BY number")
            .rows([](const statement& entry) {
                return engine::applied_migration{entry.integer(0), entry.text(1), entry.text(2)};
            });
    if (!applied)
        return std::unexpected(applied.error());
    const auto count = engine::count_applied(migrations(), *applied);
    if (!count)
        return std::unexpected(count.error());
    return *count;
}

/// Applies the first missing migration. Returns false if none is missing. REQUIRES: a transaction.
result<bool> apply_next(connection& db) {
    if (auto locked = db.run("SELECT pg_advisory_xact_lock($1)", migration_lock); !locked)
        return pass(std::move(locked));
    const auto applied = count_applied(db);
    if (!applied)
        return std::unexpected(applied.error());
    if (!*applied) {
        auto created = db.execute_script("CREATE TABLE schema_migrations (number bigint PRIMARY KEY,"
                                         " name text NOT NULL, checksum text NOT NULL,"
                                         " applied_at timestamptz NOT NULL DEFAULT now())");
        if (!created)
            return pass(std::move(created));
    }
    const std::size_t count = applied->value_or(0);
    if (count == migrations().size())
        return false;
    const engine::migration& next = migrations()[count];
    if (auto done = db.execute_script(std::string{"SET LOCAL statement_timeout = 0; "} + next.text); !done)
        return pass(std::move(done));
    auto recorded = db.run("INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)",
                           next.number, next.name, next.checksum);
    if (!recorded)
        return pass(std::move(recorded));
    if (next.number > first_with_nodes)
        if (auto removed = remove_nodes(db); !removed)
            return pass(std::move(removed));
    return true;
}

} // namespace

result<void> migrate(connection& db) {
    if (auto complete = engine::require_complete(db); !complete)
        return complete;
    for (;;) {
        db.begin(connection::isolation::write);
        const auto applied = apply_next(db);
        if (!applied) {
            db.roll_back();
            return std::unexpected(applied.error());
        }
        if (db.commit() != connection::commit_outcome::committed)
            return fail(errc::storage_unavailable, "The schema of the database could not be created.");
        if (!*applied)
            return {};
    }
}

result<void> require_migrated(connection& db) {
    if (auto checked = require_schema(db); !checked)
        return checked;
    return engine::require_complete(db);
}

result<void> require_schema(connection& db) {
    const auto applied = count_applied(db);
    if (!applied)
        return std::unexpected(applied.error());
    if (!*applied)
        return fail(errc::storage_unavailable,
                    "The database is empty. Start the server once to create its tables.");
    if (**applied != migrations().size())
        return fail(errc::storage_unavailable, "The database comes from an older version of Breakwater. "
                                               "Start the server once to update it.");
    return {};
}

result<bool> has_incomplete_transfer(connection& db) {
    statement query = db.prepare("SELECT to_regclass($1) IS NOT NULL");
    const auto row = query.bind(engine::incomplete_transfer_table).step();
    if (!row)
        return std::unexpected(row.error());
    return query.boolean(0);
}

} // namespace breakwater::storage::postgres

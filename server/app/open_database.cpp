#include "app/open_database.hpp"

#include "crypto/random.hpp"
#include "storage/postgres/postgres_database.hpp"
#include "storage/sqlite/sqlite_database.hpp"

#include <fmt/format.h>

#include <utility>

namespace breakwater::app {

namespace {

storage::postgres::options postgres_options(const database_url& url, const config& settings) {
    return {.url = url.connection_string(),
            .readers = settings.postgres_readers,
            .disk_bytes = settings.postgres_disk_gib << 30U,
            .alone = true,
            .statement_timeout = settings.postgres_statement_timeout};
}

} // namespace

result<std::unique_ptr<storage::database>> open_database(const database_url& url, const config& settings,
                                                         database_options options) {
    if (!url.is_postgres())
        return storage::sqlite::open({.file = url.file(),
                                      .read_only = options.read_only,
                                      .time = options.time,
                                      .on_recorded = std::move(options.on_recorded)});
    storage::postgres::options postgres = postgres_options(url, settings);
    postgres.read_only = options.read_only;
    postgres.time = options.time;
    postgres.on_recorded = std::move(options.on_recorded);
    crypto::system_random random;
    return storage::postgres::open(postgres, random);
}

result<void> restore_database(const config& settings, const std::filesystem::path& backup) {
    if (settings.database.is_postgres())
        return storage::postgres::restore_backup(postgres_options(settings.database, settings), backup);
    return fail(
        errc::bad_state,
        fmt::format("A backup of a SQLite database is a database itself. To use {0}, stop the server and "
                    "set DATABASE_URL=sqlite:///{0}.",
                    backup.string()));
}

} // namespace breakwater::app

#include "app/open_database.hpp"

#include "crypto/random.hpp"
#include "storage/postgres/postgres_database.hpp"
#include "storage/sqlite/sqlite_database.hpp"

#include <utility>

namespace breakwater::app {

result<std::unique_ptr<storage::database>> open_database(const database_url& url, const config& /*settings*/,
                                                         database_options options) {
    if (!url.is_postgres())
        return storage::sqlite::open({.file = url.file(),
                                      .read_only = options.read_only,
                                      .time = options.time,
                                      .on_recorded = std::move(options.on_recorded)});
    crypto::system_random random;
    return storage::postgres::open(
        {.url = url.connection_string(), .time = options.time, .on_recorded = std::move(options.on_recorded)},
        random);
}

} // namespace breakwater::app

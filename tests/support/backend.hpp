#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::test {

// The database of the servers and commands under test: SQLite, or PostgreSQL if BREAKWATER_TEST_BACKEND is
// `postgres`. Then the databases are in one PostgreSQL server, which belongs to the test process.

[[nodiscard]] bool on_postgres();

/// DATABASE_URL of a server or command in this folder: the file `iot.db` in it, or a database in PostgreSQL,
/// which the first call for a folder creates, and which is removed at the end of the test suite.
[[nodiscard]] std::string database_url_in(const std::filesystem::path& folder);

using sql_rows = std::vector<std::vector<std::string>>;

/// Runs a query on the database. NULL becomes an empty text. A SQLite file must be in use by a server,
/// because opening it would otherwise recover it. Throws std::runtime_error.
[[nodiscard]] sql_rows query_database(std::string_view url, const std::string& sql);

/// Runs a statement that changes the database, while no server uses it. Throws std::runtime_error.
void change_database(std::string_view url, const std::string& sql);

} // namespace breakwater::test

/// Skips a test, or with `SetUp` all tests of a fixture, on PostgreSQL. `why`: what of it only SQLite has.
#define BREAKWATER_ONLY_ON_SQLITE(why)                                                                       \
    if (::breakwater::test::on_postgres())                                                                   \
    GTEST_SKIP() << "only on SQLite: " << (why)

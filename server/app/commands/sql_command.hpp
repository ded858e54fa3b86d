#pragma once

#include <cstdint>
#include <string>

namespace breakwater::app {

enum class sql_format : std::uint8_t { table, csv, ndjson };

struct sql_options {
    std::string statements; ///< SQL, or `.tables`; empty: statements from standard input
    sql_format format = sql_format::table;
};

/// Runs read-only SQL on the database; a server may be running. See storage/sqlite/sql_console.hpp. Returns
/// the exit code. A failed statement ends the command, except in an interactive session.
int run_sql(const sql_options& options);

} // namespace breakwater::app

#pragma once

#include <cstdint>
#include <string>

namespace breakwater::app {

enum class sql_format : std::uint8_t { table, csv, ndjson };

struct sql_options {
    std::string statements; ///< SQL, or `.tables`; empty: from standard input, one after the other
    sql_format format = sql_format::table;
};

/// Answers SQL over the database, beside a running server; see storage/sqlite/sql_console.hpp. The process's
/// exit code: a failure where a statement failed, and none is run after it unless somebody types them.
int run_sql(const sql_options& chosen);

} // namespace breakwater::app

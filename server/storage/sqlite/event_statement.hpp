#pragma once

#include "storage/audit_log.hpp"
#include "storage/sqlite/conditions.hpp"

#include <string>

namespace breakwater::storage::sqlite {

/// The conditions for `audit_log::list`; the values point into `query`.
[[nodiscard]] conditions event_conditions(const event_query& query);
/// The statement with these conditions; its last parameter is the limit. Each filter, alone or combined with
/// a time, reads only the rows that it returns, from one index.
[[nodiscard]] std::string event_statement(const event_query& query, const conditions& where);

} // namespace breakwater::storage::sqlite

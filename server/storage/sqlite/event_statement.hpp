#pragma once

#include "storage/audit_log.hpp"
#include "storage/sqlite/conditions.hpp"

#include <string>

namespace breakwater::storage::sqlite {

/// What `audit_log::list` asks for; the values point into `query`.
[[nodiscard]] conditions event_conditions(const event_query& query);
/// The statement with them; the last parameter is the limit. Each filter alone, and each with a time, reads
/// no more than it gives, off one index.
[[nodiscard]] std::string event_statement(const event_query& query, const conditions& where);

} // namespace breakwater::storage::sqlite

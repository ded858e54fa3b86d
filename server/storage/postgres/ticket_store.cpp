#include "storage/engine/entity_rows.hpp"
#include "storage/postgres/stores.hpp"

namespace breakwater::storage::postgres {

using engine::read_ticket;

result<ticket_count> ticket_store::count(user_id user, const ticket_window& valid) const {
    statement query = db_.prepare("SELECT count(*) FILTER (WHERE \"user\" = $1), count(*) FROM live_tickets"
                                  " WHERE expires_at > $2 AND expires_at <= $3");
    const auto row = query.bind(user, valid.after, valid.until).step();
    if (!row)
        return std::unexpected(row.error());
    return ticket_count{.of_user = query.integer(0), .total = query.integer(1)};
}

result<void> ticket_store::insert(const live_ticket& added) {
    return db_.run_later("INSERT INTO live_tickets (digest, \"user\", role, session_version, session,"
                         " session_expires_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                         added.digest, added.user, added.role == role::user ? 0 : 1, added.session_version,
                         added.session, added.session_expires_at, added.expires_at);
}

result<std::optional<live_ticket>> ticket_store::take(const ticket_digest& digest) {
    statement query = db_.prepare(
        "DELETE FROM live_tickets WHERE digest = $1"
        " RETURNING digest, \"user\", role, session_version, session, session_expires_at, expires_at");
    return query.bind(digest).first(read_ticket);
}

result<void> ticket_store::purge(const ticket_window& valid, std::int64_t max_count) {
    return db_.run_later("DELETE FROM live_tickets WHERE digest IN (SELECT digest FROM live_tickets"
                         " WHERE expires_at <= $1 OR expires_at > $2 LIMIT greatest($3, 0))",
                         valid.after, valid.until, max_count);
}

} // namespace breakwater::storage::postgres

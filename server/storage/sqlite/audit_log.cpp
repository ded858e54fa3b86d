#include "storage/sqlite/event_statement.hpp"
#include "storage/sqlite/stores.hpp"

#include <algorithm>
#include <limits>

namespace breakwater::storage::sqlite {

namespace {

result<security_event> read_event(const statement& row) {
    const auto actor = parse_actor_type(row.text_view(2));
    const auto type = parse_event_type(row.text_view(4));
    const auto status = parse_event_status(row.text_view(5));
    if (!actor || !type || !status)
        return fail(errc::internal, "The audit log holds an event this version doesn't know.");
    return security_event{
        .id = row.integer(0),
        .created_at = row.time(1),
        .actor = *actor,
        .actor_id = row.text(3),
        .type = *type,
        .status = *status,
        .detail = row.text(6),
        .origin = {.source_address = row.text(7), .request_id = row.text(8), .route = row.text(9)},
        .simulated = row.integer(10) != 0,
        .count = row.integer(11)};
}

} // namespace

conditions event_conditions(const event_query& query) {
    conditions where;
    if (query.since)
        where.add("created_at >= ?", micros(*query.since));
    if (query.until)
        where.add("created_at <= ?", micros(*query.until));
    if (query.actor)
        where.add("actor_type = ?", to_string(*query.actor));
    if (query.actor_id)
        where.add("actor_id = ?", std::string_view{*query.actor_id});
    if (query.type)
        where.add("event_type = ?", to_string(*query.type));
    if (query.status)
        where.add("status = ?", to_string(*query.status));
    // Where retention removed the event since, it removed what came before it as well.
    if (query.before)
        where.add("(created_at, id) < ((SELECT created_at FROM security_events WHERE id = ?), ?)",
                  *query.before, *query.before);
    return where;
}

std::string event_statement(const conditions& where) {
    return "SELECT id, created_at, actor_type, actor_id, event_type, status, detail,"
           " source_address, request_id, route, simulated, count FROM security_events" +
           where.text() + " ORDER BY created_at DESC, id DESC LIMIT ?";
}

result<std::vector<security_event>> audit_log::list(const event_query& query) const {
    const conditions where = event_conditions(query);
    statement rows = db_.prepare_once(event_statement(where));
    const int at = where.bind_to(rows);
    rows.bind_one(
        at, static_cast<std::int64_t>(std::min<std::size_t>(query.limit, std::numeric_limits<int>::max())));
    return rows.checked_rows(read_event);
}

result<event_id> audit_log::append(const security_event& event) {
    auto done =
        db_.run("INSERT INTO security_events (created_at, actor_type, actor_id, event_type, status, detail,"
                " source_address, request_id, route, simulated, count)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                event.created_at, to_string(event.actor), event.actor_id, to_string(event.type),
                to_string(event.status), event.detail, event.origin.source_address, event.origin.request_id,
                event.origin.route, event.simulated, event.count);
    if (!done)
        return pass(std::move(done));
    return db_.last_insert_id();
}

result<std::int64_t> audit_log::expire(timestamp limit, std::int64_t most) {
    if (auto opened = db_.run("UPDATE retention_gate SET before = ?1", limit); !opened)
        return pass(std::move(opened));
    auto done = db_.run("DELETE FROM security_events WHERE id IN (SELECT id FROM security_events"
                        " WHERE created_at < ?1 ORDER BY created_at, id LIMIT max(?2, 0))",
                        limit, most);
    const auto removed = db_.changes();
    if (auto closed = db_.run("UPDATE retention_gate SET before = NULL"); !closed)
        return pass(std::move(closed));
    if (!done)
        return pass(std::move(done));
    if (removed == 0)
        return 0;
    auto counted = db_.run("INSERT INTO counters VALUES ('expired_events', ?1)"
                           " ON CONFLICT (name) DO UPDATE SET value = value + ?1",
                           removed);
    if (!counted)
        return pass(std::move(counted));
    return removed;
}

result<std::int64_t> audit_log::take_expired_count() {
    std::int64_t count = 0;
    {
        statement query = db_.prepare("SELECT value FROM counters WHERE name = 'expired_events'");
        const auto row = query.step();
        if (!row)
            return std::unexpected(row.error());
        if (*row)
            count = query.integer(0);
    }
    if (count > 0)
        if (auto done = db_.run("UPDATE counters SET value = 0 WHERE name = 'expired_events'"); !done)
            return pass(std::move(done));
    return count;
}

} // namespace breakwater::storage::sqlite

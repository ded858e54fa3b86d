#include "storage/engine/event_targets.hpp"
#include "storage/sqlite/event_statement.hpp"
#include "storage/sqlite/stores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace breakwater::storage::sqlite {

namespace {

result<security_event> read_event(const statement& row) {
    const auto actor = parse_actor_type(row.text_view(2));
    const auto type = parse_event_type(row.text_view(4));
    const auto status = parse_event_status(row.text_view(5));
    auto targets = engine::read_event_targets(row.text_view(12), row.text_view(13), row.text_view(14));
    if (!actor || !type || !status || !targets)
        return fail(errc::internal, "The audit log contains an event that this version doesn't know.");
    return security_event{
        .id = row.integer(0),
        .created_at = row.time(1),
        .actor = *actor,
        .actor_id = row.text(3),
        .type = *type,
        .status = *status,
        .target = std::move(targets->first),
        .other_targets = std::move(targets->others),
        .unlisted_targets = row.integer(15),
        .detail = row.text(6),
        .origin = {.source_address = row.text(7), .request_id = row.text(8), .route = row.text(9)},
        .simulated = row.integer(10) != 0,
        .count = row.integer(11)};
}

/// Whether the query is about one target; then `event_targets` is the index to use.
bool has_one_target(const event_query& query) {
    return query.target_type && query.target_id;
}

/// Whether no matching event is routine; then the partial index of a target's other events is enough.
bool excludes_routine(const event_query& query) {
    return !query.routine || (query.status && *query.status != event_status::success) ||
           (query.type && !is_routine(*query.type, event_status::success));
}

} // namespace

conditions event_conditions(const event_query& query) {
    conditions where;
    const bool one_target = has_one_target(query);
    if (one_target)
        where.add("kind = ?", to_string(*query.target_type));
    else if (query.target_type)
        where.add("target_type = ?", to_string(*query.target_type));
    if (one_target)
        where.add("object = ?", std::string_view{*query.target_id});
    if (one_target && excludes_routine(query))
        where.add("event_targets.routine = 0");
    else if (!query.routine)
        where.add("routine = 0");
    if (query.since)
        where.add(one_target ? "at >= ?" : "created_at >= ?", micros(*query.since));
    if (query.until)
        where.add(one_target ? "at <= ?" : "created_at <= ?", micros(*query.until));
    if (query.actor)
        where.add("actor_type = ?", to_string(*query.actor));
    if (query.actor_id)
        where.add("actor_id = ?", std::string_view{*query.actor_id});
    if (query.type)
        where.add("event_type = ?", to_string(*query.type));
    if (query.status)
        where.add("status = ?", to_string(*query.status));
    // If retention has removed the cursor's event, it has removed all older events too.
    if (query.before)
        where.add(one_target
                      ? "(at, event) < ((SELECT created_at FROM security_events WHERE id = ?), ?)"
                      : "(created_at, id) < ((SELECT created_at FROM security_events WHERE id = ?), ?)",
                  *query.before, *query.before);
    return where;
}

std::string event_statement(const event_query& query, const conditions& where) {
    std::string_view tables = "security_events";
    if (has_one_target(query)) // INDEXED BY: SQLite doesn't know how many events are routine
        tables = excludes_routine(query) ? "event_targets INDEXED BY event_targets_notable"
                                           " CROSS JOIN security_events ON id = event"
                                         : "event_targets CROSS JOIN security_events ON id = event";
    return fmt::format(
        "SELECT id, created_at, actor_type, actor_id, event_type, status, detail, source_address, request_id,"
        " route, simulated, count, target_type, target_id, other_targets, unlisted_targets FROM {}{}"
        " ORDER BY {} LIMIT ?",
        tables, where.text(), has_one_target(query) ? "at DESC, event DESC" : "created_at DESC, id DESC");
}

result<std::vector<security_event>> audit_log::list(const event_query& query) const {
    const conditions where = event_conditions(query);
    statement rows = db_.prepare_once(event_statement(query, where));
    const int at = where.bind_to(rows);
    rows.bind_one(
        at, static_cast<std::int64_t>(std::min<std::size_t>(query.limit, std::numeric_limits<int>::max())));
    return rows.checked_rows(read_event);
}

result<event_id> audit_log::append(const security_event& event) {
    auto done =
        db_.run("INSERT INTO security_events (created_at, actor_type, actor_id, event_type, status, detail,"
                " source_address, request_id, route, simulated, count, target_type, target_id, other_targets,"
                " unlisted_targets)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
                event.created_at, to_string(event.actor), event.actor_id, to_string(event.type),
                to_string(event.status), event.detail, event.origin.source_address, event.origin.request_id,
                event.origin.route, event.simulated, event.count,
                event.target ? to_string(event.target->type) : std::string_view{},
                event.target ? std::string_view{event.target->id} : std::string_view{},
                engine::other_targets_text(event.other_targets), event.unlisted_targets);
    if (!done)
        return pass(std::move(done));
    const event_id id = db_.last_insert_id();
    const auto index = [&](const event_target& target) {
        return db_.run("INSERT OR IGNORE INTO event_targets VALUES (?1, ?2, ?3, ?4, ?5)",
                       to_string(target.type), target.id, event.created_at, id,
                       is_routine(event.type, event.status));
    };
    if (event.target)
        if (auto indexed = index(*event.target); !indexed)
            return pass(std::move(indexed));
    for (const event_target& other : event.other_targets)
        if (auto indexed = index(other); !indexed)
            return pass(std::move(indexed));
    return id;
}

result<std::int64_t> audit_log::expire(timestamp before, std::int64_t max_count) {
    if (auto opened = db_.run("UPDATE retention_gate SET before = ?1", before); !opened)
        return pass(std::move(opened));
    // The casts give the values an affinity; without one, SQLite would scan all events of the target.
    for (const char* sql :
         {"DELETE FROM event_targets WHERE (kind, object, at, event) IN"
          " (SELECT target_type, target_id, created_at, id FROM security_events"
          " WHERE created_at < ?1 ORDER BY created_at, id LIMIT max(?2, 0))",
          "DELETE FROM event_targets WHERE (kind, object, at, event) IN"
          " (SELECT CAST(value ->> 0 AS TEXT), CAST(value ->> 1 AS TEXT), created_at, old.id FROM"
          " (SELECT other_targets, created_at, id FROM security_events"
          " WHERE created_at < ?1 ORDER BY created_at, id LIMIT max(?2, 0)) AS old, "
          "json_each(other_targets))",
          // Events that devices caused before events had targets: migration 20.
          "DELETE FROM event_targets WHERE (kind, object, at, event) IN"
          " (SELECT actor_type, actor_id, created_at, id FROM"
          " (SELECT actor_type, actor_id, created_at, id FROM security_events"
          " WHERE created_at < ?1 ORDER BY created_at, id LIMIT max(?2, 0))"
          " WHERE actor_type = 'device')"})
        if (auto deleted = db_.run(sql, before, max_count); !deleted)
            return pass(std::move(deleted));
    auto done = db_.run("DELETE FROM security_events WHERE id IN (SELECT id FROM security_events"
                        " WHERE created_at < ?1 ORDER BY created_at, id LIMIT max(?2, 0))",
                        before, max_count);
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

#include "storage/engine/event_targets.hpp"
#include "storage/engine/nul_symbol.hpp"
#include "storage/postgres/conditions.hpp"
#include "storage/postgres/stores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace breakwater::storage::postgres {

namespace {

using engine::with_nul_symbols;

result<security_event> read_event(const statement& row) {
    const auto actor = parse_actor_type(row.view(2));
    const auto type = parse_event_type(row.view(4));
    const auto status = parse_event_status(row.view(5));
    auto targets = engine::read_event_targets(row.view(12), row.view(13), row.view(14));
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
        where.add("NOT event_targets.routine");
    else if (!query.routine)
        where.add(one_target ? "NOT security_events.routine" : "NOT routine");
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
        where.add(
            one_target
                ? "(at, event) < ((SELECT e.created_at FROM security_events AS e WHERE e.id = ?), ?)"
                : "(created_at, id) < ((SELECT e.created_at FROM security_events AS e WHERE e.id = ?), ?)",
            *query.before, *query.before);
    return where;
}

/// The statement with these conditions; its last parameter is the limit.
std::string event_statement(const event_query& query, const conditions& where) {
    return fmt::format(
        "SELECT id, created_at, actor_type, actor_id, event_type, status, detail, source_address, request_id,"
        " route, simulated, count, target_type, target_id, other_targets, unlisted_targets FROM {}{}"
        " ORDER BY {} LIMIT {}",
        has_one_target(query) ? "event_targets JOIN security_events ON id = event" : "security_events",
        where.text(), has_one_target(query) ? "at DESC, event DESC" : "created_at DESC, id DESC",
        where.next_parameter());
}

} // namespace

result<std::vector<security_event>> audit_log::list(const event_query& query) const {
    const conditions where = event_conditions(query);
    statement rows = db_.prepare_once(event_statement(query, where));
    const int at = where.bind_to(rows);
    rows.bind_one(
        at, static_cast<std::int64_t>(std::min<std::size_t>(query.limit, std::numeric_limits<int>::max())));
    return rows.checked_rows(read_event);
}

result<event_id> audit_log::append(const security_event& event) {
    const auto id = db_.insert(
        "INSERT INTO security_events (created_at, actor_type, actor_id, event_type, status, detail,"
        " source_address, request_id, route, simulated, count, target_type, target_id, other_targets,"
        " unlisted_targets)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING id",
        event.created_at, to_string(event.actor), with_nul_symbols(event.actor_id), to_string(event.type),
        to_string(event.status), with_nul_symbols(event.detail),
        with_nul_symbols(event.origin.source_address), with_nul_symbols(event.origin.request_id),
        with_nul_symbols(event.origin.route), event.simulated, event.count,
        event.target ? to_string(event.target->type) : std::string_view{},
        event.target ? with_nul_symbols(event.target->id) : std::string{},
        engine::other_targets_text(event.other_targets), event.unlisted_targets);
    if (!id)
        return std::unexpected(id.error());
    const auto index = [&](const event_target& target) {
        return db_.run_later("INSERT INTO event_targets VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                             to_string(target.type), with_nul_symbols(target.id), event.created_at, **id,
                             is_routine(event.type, event.status));
    };
    if (event.target)
        if (auto indexed = index(*event.target); !indexed)
            return pass(std::move(indexed));
    for (const event_target& other : event.other_targets)
        if (auto indexed = index(other); !indexed)
            return pass(std::move(indexed));
    return **id;
}

result<std::int64_t> audit_log::expire(timestamp before, std::int64_t max_count) {
    if (auto opened = db_.run_later("SELECT set_config('breakwater.expire_before', $1, true)",
                                    std::to_string(micros(before)));
        !opened)
        return pass(std::move(opened));
    if (auto deleted =
            db_.run_later("DELETE FROM event_targets WHERE event IN (SELECT id FROM security_events"
                          " WHERE created_at < $1 ORDER BY created_at, id LIMIT greatest($2, 0))",
                          before, max_count);
        !deleted)
        return pass(std::move(deleted));
    const auto removed = db_.run("DELETE FROM security_events WHERE id IN (SELECT id FROM security_events"
                                 " WHERE created_at < $1 ORDER BY created_at, id LIMIT greatest($2, 0))",
                                 before, max_count);
    if (!removed)
        return removed;
    if (auto closed = db_.run_later("SELECT set_config('breakwater.expire_before', '', true)"); !closed)
        return pass(std::move(closed));
    if (*removed > 0)
        if (auto counted = db_.run_later("UPDATE expired_events SET count = count + $1", *removed); !counted)
            return pass(std::move(counted));
    return removed;
}

result<std::int64_t> audit_log::take_expired_count() {
    statement query = db_.prepare("SELECT count FROM expired_events");
    const auto row = query.step();
    if (!row)
        return std::unexpected(row.error());
    const std::int64_t count = query.integer(0);
    if (count > 0)
        if (auto done = db_.run_later("UPDATE expired_events SET count = 0"); !done)
            return pass(std::move(done));
    return count;
}

} // namespace breakwater::storage::postgres

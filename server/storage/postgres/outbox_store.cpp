#include "storage/engine/entity_rows.hpp"
#include "storage/postgres/conditions.hpp"
#include "storage/postgres/stores.hpp"

#include <algorithm>
#include <limits>

namespace breakwater::storage::postgres {

namespace {

using engine::number_of;
using engine::pending_sum;
using engine::read_destination;
using engine::read_message;

constexpr std::string_view message_columns =
    "SELECT m.id, m.kind, m.destination, m.payload, m.state, m.attempts, m.next_attempt_at, m.created_at,"
    " m.finished_at, m.last_error, m.last_status FROM outbox AS m";

constexpr std::string_view destination_exists =
    "NOT EXISTS (SELECT 1 FROM outbox_removed AS r WHERE r.kind = m.kind AND r.destination = m.destination)";

/// Whether one more message with a payload of `bytes` may be pending for this destination.
result<bool> has_room(connection& db, const destination_key& destination, std::int64_t bytes) {
    statement query = db.prepare(
        "SELECT coalesce(sum(count), 0)::bigint, coalesce(sum(bytes), 0)::bigint,"
        " coalesce(sum(count) FILTER (WHERE kind = $1 AND destination = $2), 0)::bigint,"
        " coalesce(sum(bytes) FILTER (WHERE kind = $1 AND destination = $2), 0)::bigint FROM outbox_pending");
    query.bind(number_of(destination.kind), destination.id);
    const auto row = query.step();
    if (!row)
        return std::unexpected(row.error());
    const pending_sum total{.count = query.integer(0), .bytes = query.integer(1)};
    const pending_sum own{.count = query.integer(2), .bytes = query.integer(3)};
    return engine::has_room(total, own, bytes);
}

} // namespace

result<std::vector<outbox_message>> outbox_store::list(const message_query& query) const {
    conditions where;
    where.add(destination_exists);
    if (query.kind)
        where.add("m.kind = ?", static_cast<std::int64_t>(*query.kind));
    if (query.destination)
        where.add("m.destination = ?", *query.destination);
    if (query.state)
        where.add("m.state = ?", static_cast<std::int64_t>(*query.state));
    if (query.before)
        where.add("m.id < ?", *query.before);
    statement rows = db_.prepare_once(std::string{message_columns} + where.text() +
                                      " ORDER BY m.id DESC LIMIT " + where.next_parameter());
    const int at = where.bind_to(rows);
    rows.bind_one(
        at, static_cast<std::int64_t>(std::min<std::size_t>(query.limit, std::numeric_limits<int>::max())));
    return rows.rows(read_message);
}

result<std::optional<outbox_message>> outbox_store::find(message_id id) const {
    conditions where;
    where.add(destination_exists);
    where.add("m.id = ?", id);
    statement query = db_.prepare_once(std::string{message_columns} + where.text());
    where.bind_to(query);
    return query.first(read_message);
}

result<std::vector<pending_message>> outbox_store::next() const {
    return db_
        .prepare("SELECT m.id, m.kind, m.destination, m.attempts, m.next_attempt_at"
                 " FROM outbox_pending AS p JOIN outbox AS m ON m.id ="
                 " (SELECT id FROM outbox WHERE kind = p.kind AND destination = p.destination AND state = 0"
                 " ORDER BY next_attempt_at, id LIMIT 1) WHERE p.count > 0 ORDER BY m.next_attempt_at, m.id")
        .rows([](const statement& row) {
            return pending_message{.id = row.integer(0),
                                   .destination = read_destination(row, 1),
                                   .attempts = row.integer(3),
                                   .next_attempt_at = row.time(4)};
        });
}

result<std::int64_t> outbox_store::pending(destination_kind kind) const {
    statement query =
        db_.prepare("SELECT coalesce(sum(count), 0)::bigint FROM outbox_pending WHERE kind = $1");
    query.bind(number_of(kind));
    const auto row = query.step();
    if (!row)
        return std::unexpected(row.error());
    return *row ? query.integer(0) : 0;
}

result<enqueued_message> outbox_store::enqueue(const destination_key& destination, std::string_view payload,
                                               timestamp now, const std::optional<message_hold>& hold) {
    const auto room = has_room(db_, destination, static_cast<std::int64_t>(payload.size()));
    if (!room)
        return std::unexpected(room.error());
    const bool dead = !*room;
    const auto id =
        db_.insert("INSERT INTO outbox (kind, destination, payload, state, attempts, next_attempt_at,"
                   " created_at, finished_at, last_error, withdrawal_key)"
                   " VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8, $9) RETURNING id",
                   number_of(destination.kind), destination.id, payload,
                   static_cast<int>(dead ? delivery_state::dead : delivery_state::pending),
                   dead ? std::nullopt : std::optional{hold ? hold->until : now}, now,
                   dead ? std::optional{now} : std::nullopt, dead ? too_many_pending : std::string_view{},
                   hold ? std::optional{hold->withdrawal_key} : std::nullopt);
    if (!id)
        return std::unexpected(id.error());
    return enqueued_message{.id = **id, .is_dead = dead};
}

result<void> outbox_store::withdraw(destination_kind kind, std::int64_t withdrawal_key) {
    return db_.run_later("DELETE FROM outbox WHERE withdrawal_key = $1 AND kind = $2 AND state = 0"
                         " AND withdrawal_key IS NOT NULL AND attempts = 0",
                         withdrawal_key, number_of(kind));
}

result<void> outbox_store::mark_delivered(message_id id, std::int64_t status, timestamp now) {
    return db_.run_later("UPDATE outbox SET state = 1, attempts = attempts + 1, next_attempt_at = NULL,"
                         " finished_at = $3, last_error = '', last_status = $2 WHERE id = $1",
                         id, status, now);
}

result<bool> outbox_store::mark_failed(message_id id, const failed_attempt& attempt,
                                       std::optional<timestamp> next, timestamp now) {
    const auto changes =
        db_.run("UPDATE outbox SET state = $2, attempts = attempts + 1, next_attempt_at = $3,"
                " finished_at = $4, last_error = $5, last_status = $6 WHERE id = $1 AND state = 0",
                id, static_cast<int>(next ? delivery_state::pending : delivery_state::dead), next,
                next ? std::nullopt : std::optional{now}, attempt.error, attempt.status);
    if (!changes)
        return std::unexpected(changes.error());
    return *changes != 0;
}

result<std::int64_t> outbox_store::give_up(const destination_key& destination, std::string_view reason,
                                           timestamp now) {
    return db_.run("UPDATE outbox SET state = 2, next_attempt_at = NULL, finished_at = $4,"
                   " last_error = $3 WHERE kind = $1 AND destination = $2 AND state = 0",
                   number_of(destination.kind), destination.id, reason, now);
}

result<void> outbox_store::retry(message_id id, timestamp now) {
    const auto message = find(id);
    if (!message)
        return std::unexpected(message.error());
    if (!*message)
        return fail(errc::not_found, "Delivery not found.");
    if ((*message)->state != delivery_state::dead)
        return fail(errc::bad_state, "Only a dead delivery can be retried.");
    const auto room =
        has_room(db_, (*message)->destination, static_cast<std::int64_t>((*message)->payload.size()));
    if (!room)
        return std::unexpected(room.error());
    if (!*room)
        return fail(errc::bad_state, std::string{too_many_pending});
    return db_.run_later("UPDATE outbox SET state = 0, attempts = 0, next_attempt_at = $2, finished_at = NULL"
                         " WHERE id = $1",
                         id, now);
}

result<void> outbox_store::remove(const destination_key& destination) {
    const int kind = number_of(destination.kind);
    for (const char* sql : {"DELETE FROM outbox WHERE kind = $1 AND destination = $2 AND state = 0",
                            "DELETE FROM outbox_pending WHERE kind = $1 AND destination = $2",
                            "INSERT INTO outbox_removed SELECT $1, $2 WHERE EXISTS"
                            " (SELECT 1 FROM outbox WHERE kind = $1 AND destination = $2)"
                            " ON CONFLICT DO NOTHING"})
        if (auto done = db_.run_later(sql, kind, destination.id); !done)
            return done;
    return {};
}

result<std::int64_t> outbox_store::expire(timestamp before, std::int64_t max_count) {
    std::int64_t removed = 0;
    const auto step = [&](const char* sql, const auto&... bound) -> result<void> {
        const auto changes = db_.run(sql, std::max<std::int64_t>(max_count - removed, 0), bound...);
        if (!changes)
            return std::unexpected(changes.error());
        removed += *changes;
        return {};
    };
    if (auto done = step("DELETE FROM outbox WHERE id IN (SELECT id FROM outbox"
                         " WHERE created_at < $2 AND state <> 0 ORDER BY created_at LIMIT $1)",
                         before);
        !done)
        return pass(std::move(done));
    if (auto done =
            step("DELETE FROM outbox WHERE id IN (SELECT id FROM outbox"
                 " WHERE id <= (SELECT max(id) FROM outbox) - $2 AND state <> 0 ORDER BY id LIMIT $1)",
                 max_finished_messages);
        !done)
        return pass(std::move(done));
    if (auto done = step("DELETE FROM outbox WHERE id IN (SELECT m.id FROM outbox_removed AS r JOIN"
                         " outbox AS m ON m.kind = r.kind AND m.destination = r.destination LIMIT $1)");
        !done)
        return pass(std::move(done));
    if (auto done =
            db_.run_later("DELETE FROM outbox_removed AS r WHERE NOT EXISTS (SELECT 1 FROM outbox AS m"
                          " WHERE m.kind = r.kind AND m.destination = r.destination)");
        !done)
        return pass(std::move(done));
    return removed;
}

} // namespace breakwater::storage::postgres

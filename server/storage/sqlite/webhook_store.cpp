#include "storage/sqlite/conditions.hpp"
#include "storage/sqlite/stores.hpp"

#include <algorithm>
#include <limits>

namespace breakwater::storage::sqlite {

namespace {

constexpr std::string_view too_many_wait = "Too many messages wait already.";

webhook read_webhook(const statement& row) {
    return {.id = row.integer(0),
            .name = row.text(1),
            .url = row.text(2),
            .min_severity = static_cast<alert_severity>(row.integer(3)),
            .enabled = row.integer(4) != 0,
            .created_at = row.time(5),
            .updated_at = row.time(6)};
}

// CROSS JOIN: by the deliveries' own order, whatever SQLite thinks of the sizes. It hides those whose webhook
// is gone.
constexpr std::string_view delivery_columns =
    "SELECT d.id, d.webhook, w.name, d.body, d.state, d.attempts, d.next_attempt_at, d.created_at,"
    " d.delivered_at, d.last_error, d.last_status"
    " FROM webhook_deliveries AS d CROSS JOIN webhooks AS w ON w.id = d.webhook";

webhook_delivery read_delivery(const statement& row) {
    webhook_delivery out{.id = row.integer(0),
                         .webhook = row.integer(1),
                         .webhook_name = row.text(2),
                         .body = row.text(3),
                         .state = static_cast<delivery_state>(row.integer(4)),
                         .attempts = row.integer(5),
                         .next_attempt_at = row.optional_time(6),
                         .created_at = row.time(7),
                         .delivered_at = row.optional_time(8),
                         .last_error = row.text(9)};
    if (!row.is_null(10))
        out.last_status = row.integer(10);
    return out;
}

error no_such_webhook() {
    return {.code = errc::not_found, .detail = "Webhook not found."};
}

error no_such_delivery() {
    return {.code = errc::not_found, .detail = "Delivery not found."};
}

/// The number that a query answers with its only row.
result<std::int64_t> number(statement& query) {
    const auto row = query.step();
    if (!row)
        return std::unexpected(row.error());
    return *row ? query.integer(0) : 0;
}

/// Whether one more may wait for this webhook.
result<bool> has_room(connection& db, webhook_id id, std::int64_t waiting) {
    statement query = db.prepare("SELECT count FROM webhook_pending WHERE webhook = ?1");
    const auto of_webhook = number(query.bind(id));
    if (!of_webhook)
        return std::unexpected(of_webhook.error());
    return waiting < max_pending_deliveries && *of_webhook < max_pending_of_webhook;
}

result<void> insert_delivery(connection& db, webhook_id id, std::string_view body, timestamp now, bool dead,
                             const std::optional<held_back>& hold = {}) {
    return db.run(
        "INSERT INTO webhook_deliveries (webhook, body, state, attempts, next_attempt_at, created_at,"
        " last_error, about) VALUES (?1, ?2, ?3, 0, ?4, ?5, ?6, ?7)",
        id, body, static_cast<int>(dead ? delivery_state::dead : delivery_state::pending),
        dead ? std::nullopt : std::optional{hold ? hold->until : now}, now,
        dead ? too_many_wait : std::string_view{}, hold ? std::optional{hold->about} : std::nullopt);
}

/// `not_found`; `bad_state` where nothing more can be put in line for it.
result<void> check_ready(const webhook_store& store, connection& db, webhook_id id) {
    const auto known = store.find(id);
    if (!known)
        return std::unexpected(known.error());
    if (!*known)
        return std::unexpected(no_such_webhook());
    if (!(*known)->enabled)
        return fail(errc::bad_state, "The webhook is disabled; enable it first.");
    const auto waiting = store.pending();
    if (!waiting)
        return std::unexpected(waiting.error());
    const auto room = has_room(db, id, *waiting);
    if (!room)
        return std::unexpected(room.error());
    if (!*room)
        return fail(errc::bad_state, std::string{too_many_wait});
    return {};
}

} // namespace

result<std::vector<webhook>> webhook_store::list() const {
    return db_
        .prepare("SELECT id, name, url, min_severity, enabled, created_at, updated_at FROM webhooks"
                 " ORDER BY id")
        .rows(read_webhook);
}

result<std::optional<webhook>> webhook_store::find(webhook_id id) const {
    statement query = db_.prepare("SELECT id, name, url, min_severity, enabled, created_at, updated_at"
                                  " FROM webhooks WHERE id = ?1");
    return query.bind(id).first(read_webhook);
}

result<std::vector<webhook_delivery>> webhook_store::deliveries(const delivery_query& query) const {
    conditions where;
    if (query.webhook)
        where.add("d.webhook = ?", *query.webhook);
    if (query.state)
        where.add("d.state = ?", static_cast<std::int64_t>(*query.state));
    if (query.before)
        where.add("d.id < ?", *query.before);
    statement rows =
        db_.prepare_once(std::string{delivery_columns} + where.text() + " ORDER BY d.id DESC LIMIT ?");
    const int at = where.bind_to(rows);
    rows.bind_one(
        at, static_cast<std::int64_t>(std::min<std::size_t>(query.limit, std::numeric_limits<int>::max())));
    return rows.rows(read_delivery);
}

result<std::optional<webhook_delivery>> webhook_store::find_delivery(delivery_id id) const {
    conditions where;
    where.add("d.id = ?", id);
    statement query = db_.prepare_once(std::string{delivery_columns} + where.text());
    where.bind_to(query);
    return query.first(read_delivery);
}

result<std::vector<outgoing_delivery>> webhook_store::next_of_each() const {
    return db_
        .prepare(
            "SELECT d.id, w.id, w.url, w.secret, d.body, d.attempts, d.next_attempt_at"
            " FROM webhooks AS w CROSS JOIN webhook_deliveries AS d ON d.id ="
            " (SELECT id FROM webhook_deliveries WHERE webhook = w.id AND state = 0"
            " ORDER BY next_attempt_at, id LIMIT 1) WHERE w.enabled = 1 ORDER BY d.next_attempt_at, d.id")
        .rows([](const statement& row) {
            return outgoing_delivery{.id = row.integer(0),
                                     .webhook = row.integer(1),
                                     .url = row.text(2),
                                     .secret = row.text(3),
                                     .body = row.text(4),
                                     .attempts = row.integer(5),
                                     .next_attempt_at = row.time(6)};
        });
}

result<std::int64_t> webhook_store::pending() const {
    statement query = db_.prepare("SELECT ifnull(sum(count), 0) FROM webhook_pending");
    return number(query);
}

result<webhook_id> webhook_store::insert(const webhook& added, std::string_view secret) {
    auto done =
        db_.run("INSERT INTO webhooks (name, url, secret, min_severity, enabled, created_at, updated_at)"
                " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE (SELECT count(*) FROM webhooks) < ?8",
                added.name, added.url, secret, static_cast<int>(added.min_severity), added.enabled,
                added.created_at, added.updated_at, static_cast<std::int64_t>(max_webhooks));
    if (!done)
        return pass(std::move(done));
    if (db_.changes() == 0)
        return fail(errc::bad_state, "There are too many webhooks already.");
    return db_.last_insert_id();
}

result<void> webhook_store::update(const webhook& changed) {
    auto done = db_.run("UPDATE webhooks SET name = ?2, url = ?3, min_severity = ?4, enabled = ?5,"
                        " updated_at = ?6 WHERE id = ?1",
                        changed.id, changed.name, changed.url, static_cast<int>(changed.min_severity),
                        changed.enabled, changed.updated_at);
    if (done && db_.changes() == 0)
        return std::unexpected(no_such_webhook());
    return done;
}

result<void> webhook_store::remove(webhook_id id) {
    auto done = db_.run("DELETE FROM webhooks WHERE id = ?1", id);
    if (!done)
        return done;
    if (db_.changes() == 0)
        return std::unexpected(no_such_webhook());
    // What is over can be much; `expire` sees to it.
    if (auto removed = db_.run("DELETE FROM webhook_deliveries WHERE webhook = ?1 AND state = 0", id);
        !removed)
        return removed;
    return db_.run("DELETE FROM webhook_pending WHERE webhook = ?1", id);
}

result<enqueued_count> webhook_store::enqueue(alert_severity severity, std::string_view body, timestamp now,
                                              const std::optional<held_back>& hold) {
    const auto told = db_.prepare("SELECT id FROM webhooks WHERE enabled = 1 AND min_severity <= ?1")
                          .bind(static_cast<int>(severity))
                          .rows([](const statement& row) { return row.integer(0); });
    if (!told)
        return std::unexpected(told.error());
    enqueued_count out;
    if (told->empty())
        return out;
    const auto before = pending();
    if (!before)
        return std::unexpected(before.error());
    for (const webhook_id id : *told) {
        const auto room = has_room(db_, id, *before + out.pending);
        if (!room)
            return std::unexpected(room.error());
        if (auto done = insert_delivery(db_, id, body, now, !*room, hold); !done)
            return pass(std::move(done));
        ++(*room ? out.pending : out.dead);
    }
    return out;
}

result<void> webhook_store::withdraw(alert_id about) {
    return db_.run("DELETE FROM webhook_deliveries WHERE about = ?1 AND state = 0 AND about IS NOT NULL"
                   " AND attempts = 0",
                   about);
}

result<delivery_id> webhook_store::enqueue_for(webhook_id id, std::string_view body, timestamp now) {
    if (auto ready = check_ready(*this, db_, id); !ready)
        return pass(std::move(ready));
    if (auto done = insert_delivery(db_, id, body, now, false); !done)
        return pass(std::move(done));
    return db_.last_insert_id();
}

result<void> webhook_store::mark_delivered(delivery_id id, std::int64_t status, timestamp now) {
    return db_.run("UPDATE webhook_deliveries SET state = 1, attempts = attempts + 1, next_attempt_at = NULL,"
                   " delivered_at = ?3, last_error = '', last_status = ?2 WHERE id = ?1",
                   id, status, now);
}

result<bool> webhook_store::mark_failed(delivery_id id, const failed_attempt& what,
                                        std::optional<timestamp> next) {
    auto done =
        db_.run("UPDATE webhook_deliveries SET state = ?2, attempts = attempts + 1, next_attempt_at = ?3,"
                " last_error = ?4, last_status = ?5 WHERE id = ?1 AND state = 0",
                id, static_cast<int>(next ? delivery_state::pending : delivery_state::dead), next, what.error,
                what.status);
    if (!done)
        return pass(std::move(done));
    return db_.changes() != 0;
}

result<std::int64_t> webhook_store::give_up(webhook_id id, std::string_view why) {
    auto done = db_.run("UPDATE webhook_deliveries SET state = 2, next_attempt_at = NULL, last_error = ?2"
                        " WHERE webhook = ?1 AND state = 0",
                        id, why);
    if (!done)
        return pass(std::move(done));
    return db_.changes();
}

result<void> webhook_store::retry(delivery_id id, timestamp now) {
    const auto known = find_delivery(id);
    if (!known)
        return std::unexpected(known.error());
    if (!*known)
        return std::unexpected(no_such_delivery());
    if ((*known)->state != delivery_state::dead)
        return fail(errc::bad_state, "Only a dead delivery can be tried again.");
    if (auto ready = check_ready(*this, db_, (*known)->webhook); !ready)
        return ready;
    return db_.run(
        "UPDATE webhook_deliveries SET state = 0, attempts = 0, next_attempt_at = ?2 WHERE id = ?1", id, now);
}

result<std::int64_t> webhook_store::expire(timestamp limit, std::int64_t most) {
    std::int64_t removed = 0;
    const auto step = [&](const char* sql, const auto& bound) -> result<void> {
        auto done = db_.run(sql, bound, std::max<std::int64_t>(most - removed, 0));
        if (done)
            removed += db_.changes();
        return done;
    };
    if (auto done = step("DELETE FROM webhook_deliveries WHERE id IN (SELECT id FROM webhook_deliveries"
                         " WHERE created_at < ?1 AND state <> 0 ORDER BY created_at LIMIT ?2)",
                         limit);
        !done)
        return pass(std::move(done));
    if (auto done = step("DELETE FROM webhook_deliveries WHERE id IN (SELECT id FROM webhook_deliveries"
                         " WHERE id <= (SELECT max(id) FROM webhook_deliveries) - ?1 AND state <> 0"
                         " ORDER BY id LIMIT ?2)",
                         max_kept_deliveries);
        !done)
        return pass(std::move(done));
    if (auto done = step("DELETE FROM webhook_deliveries WHERE id IN (SELECT id FROM webhook_deliveries"
                         " WHERE webhook NOT IN (SELECT id FROM webhooks) AND state <> ?1 LIMIT ?2)",
                         static_cast<int>(delivery_state::pending));
        !done)
        return pass(std::move(done));
    return removed;
}

} // namespace breakwater::storage::sqlite

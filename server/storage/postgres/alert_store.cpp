#include "storage/engine/condition_columns.hpp"
#include "storage/engine/entity_rows.hpp"
#include "storage/postgres/conditions.hpp"
#include "storage/postgres/stores.hpp"

#include <algorithm>
#include <limits>

namespace breakwater::storage::postgres {

namespace {

using engine::no_such_device;
using engine::no_such_rule;
using engine::number_of;
using engine::read_alert;
using engine::read_rule;

constexpr std::string_view alert_columns =
    "SELECT a.id, a.rule, a.rule_name, a.kind, a.severity, a.device_id, coalesce(d.name, a.device_name),"
    " d.owner, a.subject, a.summary, a.state, a.count, a.quarantined, a.raised_at, a.last_raised_at,"
    " a.acknowledged_at, a.acknowledged_by, a.resolved_at, a.resolved_by, a.note, a.late,"
    " a.simulated, d.key"
    " FROM alerts AS a LEFT JOIN devices AS d ON d.key = a.device";

constexpr const char* all_rules =
    "SELECT r.id, r.name, r.severity, r.enabled, r.category, d.id, r.quarantine, r.created_at, r.updated_at, "
    "r.kind,"
    " r.field, r.test, r.low, r.high, r.value, r.hysteresis, r.hold, r.intervals, r.incident, r.count, "
    "r.within, r.owner_may_release"
    " FROM alert_rules AS r LEFT JOIN devices AS d ON d.key = r.device ORDER BY r.id";
constexpr const char* one_rule =
    "SELECT r.id, r.name, r.severity, r.enabled, r.category, d.id, r.quarantine, r.created_at, r.updated_at, "
    "r.kind,"
    " r.field, r.test, r.low, r.high, r.value, r.hysteresis, r.hold, r.intervals, r.incident, r.count, "
    "r.within, r.owner_may_release"
    " FROM alert_rules AS r LEFT JOIN devices AS d ON d.key = r.device WHERE r.id = $1";

/// The key of an optional device: empty without a device, `not_found` if it doesn't exist.
result<std::optional<std::int64_t>> key_of(connection& db, const std::optional<device_id>& device) {
    if (!device)
        return std::nullopt;
    statement query = db.prepare("SELECT key FROM devices WHERE id = $1");
    const auto row = query.bind(*device).step();
    if (!row)
        return std::unexpected(row.error());
    if (!*row)
        return std::unexpected(no_such_device());
    return query.integer(0);
}

} // namespace

result<std::vector<alert_rule>> alert_store::rules() const {
    return db_.prepare(all_rules).rows(read_rule);
}

result<std::optional<alert_rule>> alert_store::find_rule(rule_id id) const {
    statement query = db_.prepare(one_rule);
    return query.bind(id).first(read_rule);
}

result<std::vector<alert>> alert_store::list(const alert_query& query) const {
    conditions where;
    if (query.owner)
        where.add("d.owner = ?", *query.owner);
    if (query.state)
        where.add("a.state = ?", static_cast<std::int64_t>(*query.state));
    if (query.live)
        where.add("a.state < 2");
    if (query.severity)
        where.add("a.severity = ?", static_cast<std::int64_t>(*query.severity));
    if (query.device)
        where.add("a.device_id = ?", *query.device);
    if (query.rule)
        where.add("a.rule = ?", *query.rule);
    if (query.kind)
        where.add("a.kind = ?", static_cast<std::int64_t>(*query.kind));
    if (query.simulated)
        where.add("a.simulated = ?", *query.simulated);
    if (query.quiet_since)
        where.add("a.last_raised_at < ?", micros(*query.quiet_since));
    if (query.before)
        where.add("a.id < ?", *query.before);
    statement rows = db_.prepare_once(std::string{alert_columns} + where.text() +
                                      " ORDER BY a.id DESC LIMIT " + where.next_parameter());
    const int at = where.bind_to(rows);
    rows.bind_one(
        at, static_cast<std::int64_t>(std::min<std::size_t>(query.limit, std::numeric_limits<int>::max())));
    return rows.rows(read_alert);
}

result<std::optional<alert>> alert_store::find(alert_id id) const {
    conditions where;
    where.add("a.id = ?", id);
    statement query = db_.prepare_once(std::string{alert_columns} + where.text());
    where.bind_to(query);
    return query.first(read_alert);
}

result<std::optional<alert>> alert_store::newest(rule_id rule, const std::optional<device_id>& device,
                                                 std::string_view subject, bool late) const {
    conditions where;
    where.add("a.rule = ?", rule);
    if (device)
        where.add("a.device_id = ?", *device);
    else
        where.add("a.device_id IS NULL");
    where.add("a.subject = ?", subject);
    where.add("a.late = ?", late);
    statement query =
        db_.prepare_once(std::string{alert_columns} + where.text() + " ORDER BY a.id DESC LIMIT 1");
    where.bind_to(query);
    return query.first(read_alert);
}

result<alert_summary> alert_store::summary(std::optional<user_id> owner) const {
    conditions where;
    where.add("a.state < 2");
    if (owner)
        where.add("d.owner = ?", *owner);
    statement rows = db_.prepare_once(std::string{"SELECT a.state, a.severity, count(*) FROM alerts AS a "
                                                  "LEFT JOIN devices AS d ON d.key = a.device"} +
                                      where.text() + " GROUP BY a.state, a.severity");
    where.bind_to(rows);
    alert_summary out;
    auto counted = rows.for_each([&out](const statement& row) -> result<void> {
        const std::int64_t count = row.integer(2);
        (row.integer(0) == 0 ? out.open : out.acknowledged) += count;
        switch (static_cast<alert_severity>(row.integer(1))) {
        case alert_severity::info: out.info += count; break;
        case alert_severity::warning: out.warning += count; break;
        case alert_severity::critical: out.critical += count; break;
        }
        return {};
    });
    if (!counted)
        return pass(std::move(counted));
    return out;
}

result<rule_id> alert_store::insert_rule(const alert_rule& added) {
    const auto device = key_of(db_, added.device);
    if (!device)
        return std::unexpected(device.error());
    const engine::condition_columns when = engine::columns_of(added.when);
    const auto id = db_.insert(
        "INSERT INTO alert_rules (name, severity, enabled, category, device, quarantine, created_at, "
        "updated_at,"
        " kind, field, test, low, high, value, hysteresis, hold, intervals, incident, count, within,"
        " owner_may_release)"
        " SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, "
        "$21"
        " WHERE (SELECT count(*) FROM alert_rules) < $22 RETURNING id",
        added.name, static_cast<int>(added.severity), added.enabled, number_of(added.category), *device,
        added.quarantine, added.created_at, added.updated_at, static_cast<int>(added.kind()), when.field,
        when.test, when.low, when.high, when.value, when.hysteresis, when.hold, when.intervals, when.incident,
        when.count, when.within, added.owner_may_release, static_cast<std::int64_t>(max_alert_rules));
    if (!id)
        return std::unexpected(id.error());
    if (!*id)
        return fail(errc::bad_state, "There are already too many alert rules. Delete one first.");
    return **id;
}

result<void> alert_store::update_rule(const alert_rule& changed) {
    const auto device = key_of(db_, changed.device);
    if (!device)
        return std::unexpected(device.error());
    const engine::condition_columns when = engine::columns_of(changed.when);
    const auto changes = db_.run(
        "UPDATE alert_rules SET name = $2, severity = $3, enabled = $4, category = $5, device = $6,"
        " quarantine = $7, updated_at = $8, kind = $9, field = $10, test = $11, low = $12, high = $13,"
        " value = $14, hysteresis = $15, hold = $16, intervals = $17, incident = $18, count = $19,"
        " within = $20, owner_may_release = $21 WHERE id = $1",
        changed.id, changed.name, static_cast<int>(changed.severity), changed.enabled,
        number_of(changed.category), *device, changed.quarantine, changed.updated_at,
        static_cast<int>(changed.kind()), when.field, when.test, when.low, when.high, when.value,
        when.hysteresis, when.hold, when.intervals, when.incident, when.count, when.within,
        changed.owner_may_release);
    if (!changes)
        return std::unexpected(changes.error());
    if (*changes == 0)
        return std::unexpected(no_such_rule());
    return {};
}

result<void> alert_store::remove_rule(rule_id id) {
    const auto changes = db_.run("DELETE FROM alert_rules WHERE id = $1", id);
    if (!changes)
        return std::unexpected(changes.error());
    if (*changes == 0)
        return std::unexpected(no_such_rule());
    return {};
}

result<alert_id> alert_store::insert(const alert& added) {
    const auto device = key_of(db_, added.device);
    if (!device)
        return std::unexpected(device.error());
    const auto id = db_.insert(
        "INSERT INTO alerts (rule, rule_name, kind, severity, device, subject, summary, state, count,"
        " quarantined, raised_at, last_raised_at, acknowledged_at, acknowledged_by, resolved_at, resolved_by,"
        " note, late, simulated, device_id)"
        " SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20"
        " WHERE $1 IS NULL OR EXISTS (SELECT 1 FROM alert_rules WHERE id = $1)"
        " ON CONFLICT DO NOTHING RETURNING id",
        added.rule, added.rule_name, static_cast<int>(added.kind), static_cast<int>(added.severity), *device,
        added.subject, added.summary, static_cast<int>(added.state), added.count, added.quarantined,
        added.raised_at, added.last_raised_at, added.acknowledged_at, added.acknowledged_by,
        added.resolved_at, added.resolved_by, added.note, added.late, added.simulated, added.device);
    if (!id)
        return std::unexpected(id.error());
    if (*id)
        return **id;
    if (added.rule) {
        const auto rule = find_rule(*added.rule);
        if (!rule)
            return std::unexpected(rule.error());
        if (!*rule)
            return std::unexpected(no_such_rule());
    }
    return fail(errc::bad_state, "An unresolved alert of the same rule, device and subject already exists.");
}

result<void> alert_store::update(const alert& changed) {
    return db_.run_later(
        "UPDATE alerts SET summary = $2, state = $3, count = $4, quarantined = $5, last_raised_at = $6,"
        " acknowledged_at = $7, acknowledged_by = $8, resolved_at = $9, resolved_by = $10, note = $11,"
        " raised_at = $12 WHERE id = $1",
        changed.id, changed.summary, static_cast<int>(changed.state), changed.count, changed.quarantined,
        changed.last_raised_at, changed.acknowledged_at, changed.acknowledged_by, changed.resolved_at,
        changed.resolved_by, changed.note, changed.raised_at);
}

result<std::int64_t> alert_store::expire(timestamp before, std::int64_t max_count) {
    return db_.run("DELETE FROM alerts WHERE id IN (SELECT id FROM alerts"
                   " WHERE resolved_at < $1 ORDER BY resolved_at LIMIT greatest($2, 0))",
                   before, max_count);
}

} // namespace breakwater::storage::postgres

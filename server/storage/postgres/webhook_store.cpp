#include "storage/engine/entity_rows.hpp"
#include "storage/postgres/stores.hpp"

namespace breakwater::storage::postgres {

namespace {

using engine::no_such_webhook;
using engine::read_webhook;

} // namespace

result<std::vector<webhook>> webhook_store::list() const {
    return db_
        .prepare("SELECT id, name, url, min_severity, enabled, created_at, updated_at FROM webhooks"
                 " ORDER BY id")
        .rows(read_webhook);
}

result<std::optional<webhook>> webhook_store::find(webhook_id id) const {
    statement query = db_.prepare("SELECT id, name, url, min_severity, enabled, created_at, updated_at"
                                  " FROM webhooks WHERE id = $1");
    return query.bind(id).first(read_webhook);
}

result<std::optional<webhook_receiver>> webhook_store::find_receiver(webhook_id id) const {
    statement query = db_.prepare("SELECT url, secret, enabled FROM webhooks WHERE id = $1");
    return query.bind(id).first([](const statement& row) {
        return webhook_receiver{.url = row.text(0), .secret = row.text(1), .enabled = row.integer(2) != 0};
    });
}

result<webhook_id> webhook_store::insert(const webhook& added, std::string_view secret) {
    const auto id =
        db_.insert("INSERT INTO webhooks (name, url, secret, min_severity, enabled, created_at, updated_at)"
                   " SELECT $1, $2, $3, $4, $5, $6, $7 WHERE (SELECT count(*) FROM webhooks) < $8"
                   " RETURNING id",
                   added.name, added.url, secret, static_cast<int>(added.min_severity), added.enabled,
                   added.created_at, added.updated_at, static_cast<std::int64_t>(max_webhooks));
    if (!id)
        return std::unexpected(id.error());
    if (!*id)
        return fail(errc::bad_state, "There are too many webhooks already.");
    return **id;
}

result<void> webhook_store::update(const webhook& changed) {
    const auto changes = db_.run("UPDATE webhooks SET name = $2, url = $3, min_severity = $4, enabled = $5,"
                                 " updated_at = $6 WHERE id = $1",
                                 changed.id, changed.name, changed.url,
                                 static_cast<int>(changed.min_severity), changed.enabled, changed.updated_at);
    if (!changes)
        return std::unexpected(changes.error());
    if (*changes == 0)
        return std::unexpected(no_such_webhook());
    return {};
}

result<void> webhook_store::remove(webhook_id id) {
    const auto changes = db_.run("DELETE FROM webhooks WHERE id = $1", id);
    if (!changes)
        return std::unexpected(changes.error());
    if (*changes == 0)
        return std::unexpected(no_such_webhook());
    return {};
}

} // namespace breakwater::storage::postgres

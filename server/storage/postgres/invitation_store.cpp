#include "storage/engine/entity_rows.hpp"
#include "storage/postgres/stores.hpp"

namespace breakwater::storage::postgres {

namespace {

using engine::read_invitation;

} // namespace

result<std::optional<invitation>>
invitation_store::find(const std::array<std::uint8_t, 32>& token_hash) const {
    statement query =
        db_.prepare("SELECT id, token_hash, email, role, created_by, created_at, expires_at, used_at"
                    " FROM invitations WHERE token_hash = $1");
    return query.bind(token_hash).first(read_invitation);
}

result<std::vector<invitation>> invitation_store::open(timestamp now) const {
    statement query =
        db_.prepare("SELECT id, token_hash, email, role, created_by, created_at, expires_at, used_at"
                    " FROM invitations WHERE used_at IS NULL AND expires_at > $1 ORDER BY id DESC");
    return query.bind(now).rows(read_invitation);
}

result<invitation_id> invitation_store::insert(const invitation& added) {
    const auto id = db_.insert(
        "INSERT INTO invitations (token_hash, email, role, created_by, created_at, expires_at, used_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        added.token_hash, added.email, added.role == role::user ? 0 : 1, added.created_by, added.created_at,
        added.expires_at, added.used_at);
    if (!id)
        return std::unexpected(id.error());
    return **id;
}

result<void> invitation_store::mark_used(invitation_id id, timestamp at) {
    return db_.run_later("UPDATE invitations SET used_at = $2 WHERE id = $1", id, at);
}

result<void> invitation_store::remove(invitation_id id) {
    const auto changes = db_.run("DELETE FROM invitations WHERE id = $1", id);
    if (!changes)
        return std::unexpected(changes.error());
    if (*changes == 0)
        return fail(errc::not_found, "Invitation not found.");
    return {};
}

result<void> invitation_store::purge(timestamp before) {
    return db_.run_later("DELETE FROM invitations WHERE expires_at < $1", before);
}

} // namespace breakwater::storage::postgres

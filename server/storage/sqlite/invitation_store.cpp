#include "storage/engine/entity_rows.hpp"
#include "storage/sqlite/stores.hpp"

namespace breakwater::storage::sqlite {

namespace {

using engine::read_invitation;

} // namespace

result<std::optional<invitation>>
invitation_store::find(const std::array<std::uint8_t, 32>& token_hash) const {
    statement query =
        db_.prepare("SELECT id, token_hash, email, role, created_by, created_at, expires_at, used_at"
                    " FROM invitations WHERE token_hash = ?1");
    return query.bind(token_hash).first(read_invitation);
}

result<std::vector<invitation>> invitation_store::open(timestamp now) const {
    statement query =
        db_.prepare("SELECT id, token_hash, email, role, created_by, created_at, expires_at, used_at"
                    " FROM invitations WHERE used_at IS NULL AND expires_at > ?1 ORDER BY id DESC");
    return query.bind(now).rows(read_invitation);
}

result<invitation_id> invitation_store::insert(const invitation& added) {
    auto done = db_.run(
        "INSERT INTO invitations (token_hash, email, role, created_by, created_at, expires_at, used_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        added.token_hash, added.email, added.role == role::user ? 0 : 1, added.created_by, added.created_at,
        added.expires_at, added.used_at);
    if (!done)
        return pass(std::move(done));
    return db_.last_insert_id();
}

result<void> invitation_store::mark_used(invitation_id id, timestamp at) {
    return db_.run("UPDATE invitations SET used_at = ?2 WHERE id = ?1", id, at);
}

result<void> invitation_store::remove(invitation_id id) {
    auto done = db_.run("DELETE FROM invitations WHERE id = ?1", id);
    if (done && db_.changes() == 0)
        return fail(errc::not_found, "Invitation not found.");
    return done;
}

result<void> invitation_store::purge(timestamp before) {
    return db_.run("DELETE FROM invitations WHERE expires_at < ?1", before);
}

} // namespace breakwater::storage::sqlite

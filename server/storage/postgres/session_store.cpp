#include "storage/postgres/stores.hpp"

namespace breakwater::storage::postgres {

result<std::optional<refresh_token>> session_store::find(const token_hash& hash) const {
    statement query =
        db_.prepare("SELECT family, \"user\", issued_at, expires_at, family_expires_at, used_at, revoked"
                    " FROM refresh_tokens WHERE hash = $1");
    return query.bind(hash).first([&hash](const statement& row) {
        return refresh_token{.hash = hash,
                             .family = row.id(0),
                             .user = row.integer(1),
                             .issued_at = row.time(2),
                             .expires_at = row.time(3),
                             .family_expires_at = row.time(4),
                             .used_at = row.optional_time(5),
                             .revoked = row.integer(6) != 0};
    });
}

result<void> session_store::insert(const refresh_token& added) {
    const auto changes = db_.run("INSERT INTO refresh_tokens (hash, family, \"user\", issued_at, expires_at, "
                                 "family_expires_at, used_at,"
                                 " revoked) SELECT $1, $2, id, $4, $5, $6, $7, $8 FROM users WHERE id = $3",
                                 added.hash, added.family, added.user, added.issued_at, added.expires_at,
                                 added.family_expires_at, added.used_at, added.revoked);
    if (!changes)
        return std::unexpected(changes.error());
    if (*changes == 0)
        return fail(errc::not_found, "The user no longer exists.");
    return {};
}

result<void> session_store::mark_used(const token_hash& hash, timestamp at) {
    const auto changes = db_.run("UPDATE refresh_tokens SET used_at = $2 WHERE hash = $1", hash, at);
    if (!changes)
        return std::unexpected(changes.error());
    if (*changes == 0)
        return fail(errc::not_found, "The refresh token does not exist.");
    return {};
}

result<void> session_store::revoke_family(const uuid& family) {
    return db_.run_later("UPDATE refresh_tokens SET revoked = true WHERE family = $1 AND NOT revoked",
                         family);
}

result<void> session_store::revoke_user(user_id user) {
    return db_.run_later("UPDATE refresh_tokens SET revoked = true WHERE \"user\" = $1 AND NOT revoked",
                         user);
}

result<std::vector<live_session>> session_store::live(user_id user, timestamp now) const {
    statement query =
        db_.prepare("SELECT family, issued_at, expires_at, family_expires_at FROM refresh_tokens"
                    " WHERE \"user\" = $1 AND NOT revoked AND used_at IS NULL AND expires_at > $2"
                    " ORDER BY issued_at DESC");
    return query.bind(user, now).rows([](const statement& row) {
        return live_session{.family = row.id(0),
                            .renewed_at = row.time(1),
                            .expires_at = row.time(2),
                            .family_expires_at = row.time(3)};
    });
}

result<std::int64_t> session_store::purge(timestamp expired_before, std::int64_t max_count) {
    return db_.run("DELETE FROM refresh_tokens WHERE hash IN (SELECT hash FROM refresh_tokens"
                   " WHERE family_expires_at < $1 ORDER BY family_expires_at LIMIT greatest($2, 0))",
                   expired_before, max_count);
}

} // namespace breakwater::storage::postgres

#include "storage/engine/entity_rows.hpp"
#include "storage/sqlite/stores.hpp"

namespace breakwater::storage::sqlite {

namespace {

using engine::for_subject;
using engine::number_of;

constexpr const char* of_device =
    "SELECT c.id, c.verifier, c.scopes, c.created_at, c.expires_at, c.last_used_at FROM credentials AS c"
    " JOIN devices AS d ON d.key = c.device WHERE d.id = ?1 AND c.kind = ?2 ORDER BY c.id DESC";
constexpr const char* of_user =
    "SELECT id, verifier, scopes, created_at, expires_at, last_used_at FROM credentials"
    " WHERE user = ?1 AND kind = ?2 ORDER BY id DESC";
constexpr const char* insert_of_device =
    "INSERT INTO credentials (device, kind, verifier, scopes, created_at, expires_at, last_used_at)"
    " SELECT key, ?2, ?3, ?4, ?5, ?6, ?7 FROM devices WHERE id = ?1";
constexpr const char* insert_of_user =
    "INSERT INTO credentials (user, kind, verifier, scopes, created_at, expires_at, last_used_at)"
    " SELECT id, ?2, ?3, ?4, ?5, ?6, ?7 FROM users WHERE id = ?1";
constexpr const char* remove_of_device =
    "DELETE FROM credentials WHERE device = (SELECT key FROM devices WHERE id = ?1) AND kind = ?2";
constexpr const char* remove_of_user = "DELETE FROM credentials WHERE user = ?1 AND kind = ?2";

} // namespace

result<std::vector<credential>> credential_store::of(const credential_subject& subject,
                                                     credential_kind kind) const {
    return for_subject(subject, of_device, of_user, [&](const char* sql, const auto& id) {
        statement query = db_.prepare(sql);
        return query.bind(id, number_of(kind)).rows([&](const statement& row) {
            return credential{.id = row.integer(0),
                              .subject = subject,
                              .kind = kind,
                              .verifier = row.text(1),
                              .scopes = row.text(2),
                              .created_at = row.optional_time(3),
                              .expires_at = row.optional_time(4),
                              .last_used_at = row.optional_time(5)};
        });
    });
}

result<credential_id> credential_store::insert(const credential& added) {
    auto done =
        for_subject(added.subject, insert_of_device, insert_of_user, [&](const char* sql, const auto& id) {
            return db_.run(sql, id, number_of(added.kind), added.verifier, added.scopes, added.created_at,
                           added.expires_at, added.last_used_at);
        });
    if (!done)
        return pass(std::move(done));
    if (db_.changes() == 0)
        return fail(errc::not_found, "The subject of the credential does not exist.");
    return db_.last_insert_id();
}

result<void> credential_store::record_use(credential_id id, timestamp at) {
    return db_.run("UPDATE credentials SET last_used_at = ?2 WHERE id = ?1", id, at);
}

result<void> credential_store::remove(const credential_subject& subject, credential_kind kind) {
    return for_subject(subject, remove_of_device, remove_of_user,
                       [&](const char* sql, const auto& id) { return db_.run(sql, id, number_of(kind)); });
}

} // namespace breakwater::storage::sqlite

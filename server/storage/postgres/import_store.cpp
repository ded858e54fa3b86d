#include "storage/postgres/stores.hpp"

namespace breakwater::storage::postgres {

result<std::vector<import_progress>> import_store::list() const {
    statement query =
        db_.prepare("SELECT digest, bytes, lines, readings, complete, at FROM imports ORDER BY id DESC");
    return query.rows([](const statement& row) {
        return import_progress{.digest = row.bytes<32>(0),
                               .bytes = static_cast<std::uint64_t>(row.integer(1)),
                               .lines = static_cast<std::uint64_t>(row.integer(2)),
                               .readings = static_cast<std::uint64_t>(row.integer(3)),
                               .complete = row.integer(4) != 0,
                               .at = row.time(5)};
    });
}

result<import_id> import_store::insert(const import_progress& added) {
    const auto id = db_.insert("INSERT INTO imports (digest, bytes, lines, readings, complete, at)"
                               " VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
                               added.digest, static_cast<std::int64_t>(added.bytes),
                               static_cast<std::int64_t>(added.lines),
                               static_cast<std::int64_t>(added.readings), added.complete, added.at);
    if (!id)
        return std::unexpected(id.error());
    // Ids may have gaps, so the newest are counted.
    if (auto deleted = db_.run_later("DELETE FROM imports WHERE id <="
                                     " (SELECT id FROM imports ORDER BY id DESC OFFSET $1 LIMIT 1)",
                                     static_cast<std::int64_t>(import_store::max_imports));
        !deleted)
        return pass(std::move(deleted));
    return **id;
}

result<void> import_store::update(import_id id, const import_progress& changed) {
    return db_.run_later(
        "UPDATE imports SET digest = $2, bytes = $3, lines = $4, readings = $5, complete = $6,"
        " at = $7 WHERE id = $1",
        id, changed.digest, static_cast<std::int64_t>(changed.bytes),
        static_cast<std::int64_t>(changed.lines), static_cast<std::int64_t>(changed.readings),
        changed.complete, changed.at);
}

} // namespace breakwater::storage::postgres

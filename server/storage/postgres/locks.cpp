#include "storage/postgres/locks.hpp"

#include <utility>

namespace breakwater::storage::postgres {

/// One that has just ended may still hold the lock for a moment.
result<void> lock_for_server(connection& db, bool alone) {
    db.begin(connection::isolation::write);
    auto locked =
        db.run(alone ? "SELECT pg_advisory_lock($1)" : "SELECT pg_advisory_lock_shared($1)", server_lock);
    const bool is_taken = db.failure() && db.failure()->state == "55P03";
    db.roll_back(); // the lock outlives the transaction
    if (is_taken)
        return fail(errc::storage_unavailable, "A Breakwater server is running on this database. Stop it "
                                               "first, or use its API instead.");
    return locked ? result<void>{} : pass(std::move(locked));
}

result<void> remove_nodes(connection& db) {
    for (const char* sql :
         {"UPDATE lanes SET epoch = epoch + 1 WHERE lane IN (SELECT lane FROM nodes)", "DELETE FROM nodes"})
        if (auto done = db.run(sql); !done)
            return pass(std::move(done));
    return {};
}

} // namespace breakwater::storage::postgres

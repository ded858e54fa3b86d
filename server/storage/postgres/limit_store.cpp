#include "storage/postgres/conditions.hpp"
#include "storage/postgres/stores.hpp"

#include <cmath>

namespace breakwater::storage::postgres {

namespace {

limit_state read_state(const statement& row) {
    return {.device = row.id(0), .tokens = static_cast<double>(row.integer(1)) / 1000, .at = row.time(2)};
}

} // namespace

result<std::vector<limit_state>> limit_store::list() const {
    statement query = db_.prepare("SELECT d.id, l.millitokens, l.at FROM limit_states AS l"
                                  " JOIN devices AS d ON d.key = l.device");
    return query.rows(read_state);
}

result<std::vector<limit_state>> limit_store::of(std::span<const device_id> devices) const {
    statement query = db_.prepare("SELECT d.id, l.millitokens, l.at FROM devices AS d"
                                  " JOIN limit_states AS l ON l.device = d.key WHERE d.id = ANY ($1)");
    return query.bind(devices).rows(read_state);
}

result<void> limit_store::save(std::span<const limit_state> states) {
    for (const limit_state& state : states)
        if (auto done = db_.run_later(
                "INSERT INTO limit_states SELECT key, $2, $3 FROM devices WHERE id = $1 AND NOT EXISTS"
                " (SELECT 1 FROM device_owners WHERE bucket = key & 255 AND device = key AND lane <> $4)"
                " ON CONFLICT (device) DO UPDATE SET millitokens = excluded.millitokens,"
                " at = excluded.at",
                state.device, static_cast<std::int64_t>(std::floor(state.tokens * 1000)), state.at,
                own_->lane);
            !done)
            return done;
    return {};
}

} // namespace breakwater::storage::postgres

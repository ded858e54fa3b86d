#include "storage/postgres/conditions.hpp"
#include "storage/postgres/stores.hpp"

#include <cmath>

namespace breakwater::storage::postgres {

result<std::vector<limit_state>> limit_store::list() const {
    statement query = db_.prepare("SELECT d.id, l.millitokens, l.at FROM limit_states AS l"
                                  " JOIN devices AS d ON d.key = l.device");
    return query.rows([](const statement& row) {
        return limit_state{
            .device = row.id(0), .tokens = static_cast<double>(row.integer(1)) / 1000, .at = row.time(2)};
    });
}

result<void> limit_store::save(std::span<const limit_state> states) {
    for (const limit_state& state : states)
        if (auto done = db_.run_later(
                "INSERT INTO limit_states SELECT key, $2, $3 FROM devices WHERE id = $1"
                " ON CONFLICT (device) DO UPDATE SET millitokens = excluded.millitokens,"
                " at = excluded.at",
                state.device, static_cast<std::int64_t>(std::floor(state.tokens * 1000)), state.at);
            !done)
            return done;
    return {};
}

} // namespace breakwater::storage::postgres

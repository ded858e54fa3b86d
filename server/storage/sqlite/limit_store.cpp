#include "storage/sqlite/conditions.hpp"
#include "storage/sqlite/stores.hpp"

#include <cmath>

namespace breakwater::storage::sqlite {

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
    std::vector<limit_state> states;
    statement query = db_.prepare("SELECT d.id, l.millitokens, l.at FROM devices AS d"
                                  " JOIN limit_states AS l ON l.device = d.key WHERE d.id = ?1");
    for (const device_id& device : devices) {
        const auto state = query.bind(device).first(read_state);
        query.reset();
        if (!state)
            return std::unexpected(state.error());
        if (*state)
            states.push_back(**state);
    }
    return states;
}

result<void> limit_store::save(std::span<const limit_state> states) {
    statement upsert = db_.prepare("INSERT OR REPLACE INTO limit_states"
                                   " SELECT key, ?2, ?3 FROM devices WHERE id = ?1");
    for (const limit_state& state : states) {
        upsert.bind(state.device, static_cast<std::int64_t>(std::floor(state.tokens * 1000)), state.at);
        if (auto done = upsert.run(); !done)
            return done;
        upsert.reset();
    }
    return {};
}

} // namespace breakwater::storage::sqlite

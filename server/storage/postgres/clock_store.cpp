#include "storage/postgres/stores.hpp"

namespace breakwater::storage::postgres {

result<std::optional<clock_state>> clock_store::find() const {
    statement query = db_.prepare("SELECT seen_at, held_for, ahead FROM clock_state");
    return query.first([](const statement& row) {
        clock_state state{.seen_at = row.time(0), .ahead = std::chrono::microseconds{row.integer(2)}};
        if (!row.is_null(1))
            state.held_for = std::chrono::microseconds{row.integer(1)};
        return state;
    });
}

result<void> clock_store::save(const clock_state& state) {
    std::optional<std::int64_t> held_for;
    if (state.held_for)
        held_for = state.held_for->count();
    return db_.run_later("INSERT INTO clock_state (id, seen_at, held_for, ahead) VALUES (1, $1, $2, $3)"
                         " ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at,"
                         " held_for = excluded.held_for, ahead = excluded.ahead",
                         state.seen_at, held_for, std::int64_t{state.ahead.count()});
}

} // namespace breakwater::storage::postgres

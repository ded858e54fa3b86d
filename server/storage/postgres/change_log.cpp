#include "storage/postgres/stores.hpp"

#include <algorithm>
#include <limits>

namespace breakwater::storage::postgres {

result<std::vector<logged_change>> change_log::after(change_position position, std::size_t limit) const {
    statement oldest = db_.prepare("SELECT position FROM changes ORDER BY position LIMIT 1");
    const auto first = oldest.first([](const statement& row) { return row.integer(0); });
    if (!first)
        return std::unexpected(first.error());
    if (*first && position < **first - 1)
        return fail(errc::bad_state, "The changes after this position are no longer kept.");
    statement query =
        db_.prepare("SELECT position, kind, key FROM changes WHERE position > $1 ORDER BY position LIMIT $2");
    constexpr std::size_t longest{std::numeric_limits<std::int64_t>::max()};
    return query.bind(position, static_cast<std::int64_t>(std::min(limit, longest)))
        .rows([](const statement& row) {
            return logged_change{.position = row.integer(0), .kind = row.text(1), .key = row.text(2)};
        });
}

result<change_position> change_log::last() const {
    statement query = db_.prepare("SELECT coalesce(max(position), 0) FROM changes");
    const auto newest = query.first([](const statement& row) { return row.integer(0); });
    if (!newest)
        return std::unexpected(newest.error());
    return newest->value_or(0);
}

result<void> change_log::publish(change made) {
    const change_subject subject = subject_of(made);
    // Until the commit, no other transaction may take the next position: positions follow the commits.
    if (auto locked = db_.lock_entities(); !locked)
        return locked;
    if (auto added = db_.run_later("INSERT INTO changes (position, kind, key, action, owner, lane)"
                                   " SELECT coalesce(max(position), 0) + 1, $1, $2, $3, $4, $5 FROM changes",
                                   subject.kind, subject.key, int{subject.action}, subject.owner, own_->lane);
        !added)
        return added;
    // Other nodes read it at once. The notification costs a lock of the whole database server, but changes
    // are rare.
    if (auto notified = db_.run_later("SELECT pg_notify('breakwater_changes', '')"); !notified)
        return notified;
    return db_.run_later("DELETE FROM changes WHERE position <= (SELECT max(position) FROM changes) - $1",
                         max_logged_changes);
}

} // namespace breakwater::storage::postgres

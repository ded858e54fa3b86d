#include "services/maintenance.hpp"

#include <fmt/format.h>

#include <limits>

namespace breakwater::services {

namespace {

constexpr std::int64_t rows_a_transaction = 1000;

/// Repeats `step`, each a transaction of its own that removes at most so many rows (what hangs on them
/// beside) and says how many that were, until one finds fewer, or `most_steps` are done. The rows removed.
template <class Step>
result<std::int64_t> in_steps(storage::database& store, int most_steps, Step step) {
    std::int64_t total = 0;
    std::int64_t removed = rows_a_transaction;
    for (int done = 0; done < most_steps && removed >= rows_a_transaction; ++done) {
        auto written = store.write([&](storage::transaction& tx) -> result<void> {
            const result<std::int64_t> count = step(tx, rows_a_transaction);
            if (!count)
                return std::unexpected(count.error());
            removed = *count;
            return {};
        });
        if (!written)
            return pass(std::move(written));
        total += removed;
    }
    return total;
}

constexpr int until_done = std::numeric_limits<int>::max();

} // namespace

result<removed_counts> apply_retention(storage::database& store, const clock& time,
                                       std::chrono::days keep_events) {
    const timestamp now = time.now();
    const timestamp limit = now - keep_events;
    const auto events =
        in_steps(store, until_done, [&](storage::transaction& tx, std::int64_t most) -> result<std::int64_t> {
            auto removed = tx.audit().expire(limit, most);
            if (!removed || *removed == 0)
                return removed;
            auto recorded =
                tx.audit().append({.created_at = now,
                                   .actor = actor_type::system,
                                   .type = event_type::log_retention,
                                   .status = event_status::success,
                                   .detail = fmt::format("{} security events older than {} days removed.",
                                                         *removed, keep_events.count()),
                                   .count = *removed});
            return recorded ? removed : pass(std::move(recorded));
        });
    if (!events)
        return std::unexpected(events.error());
    const auto sessions = in_steps(store, until_done, [now](storage::transaction& tx, std::int64_t most) {
        return tx.sessions().purge(now, most);
    });
    if (!sessions)
        return std::unexpected(sessions.error());
    return removed_counts{.events = *events, .sessions = *sessions};
}

result<std::int64_t> purge_readings(storage::database& store, int most_steps) {
    return in_steps(store, most_steps,
                    [](storage::transaction& tx, std::int64_t most) { return tx.readings().purge(most); });
}

} // namespace breakwater::services

#include "services/maintenance.hpp"

#include <fmt/format.h>

namespace breakwater::services {

namespace {

constexpr std::int64_t rows_a_transaction = 1000;

} // namespace

result<removed_counts> apply_retention(storage::database& store, const clock& time,
                                       std::chrono::days keep_events) {
    removed_counts total;
    const timestamp now = time.now();
    const timestamp limit = now - keep_events;
    for (std::int64_t removed = rows_a_transaction; removed >= rows_a_transaction;) {
        auto done = store.write([&](storage::transaction& tx) -> result<void> {
            const auto count = tx.audit().expire(limit, rows_a_transaction);
            if (!count)
                return std::unexpected(count.error());
            removed = *count;
            if (removed == 0)
                return {};
            auto recorded =
                tx.audit().append({.created_at = now,
                                   .actor = actor_type::system,
                                   .type = event_type::log_retention,
                                   .status = event_status::success,
                                   .detail = fmt::format("{} security events older than {} days removed.",
                                                         removed, keep_events.count()),
                                   .count = removed});
            return recorded ? result<void>{} : pass(std::move(recorded));
        });
        if (!done)
            return pass(std::move(done));
        total.events += removed;
    }
    for (std::int64_t removed = rows_a_transaction; removed >= rows_a_transaction;) {
        auto done = store.write([&](storage::transaction& tx) -> result<void> {
            const auto count = tx.sessions().purge(now, rows_a_transaction);
            if (!count)
                return std::unexpected(count.error());
            removed = *count;
            return {};
        });
        if (!done)
            return pass(std::move(done));
        total.sessions += removed;
    }
    return total;
}

result<std::int64_t> purge_readings(storage::database& store, int most_steps) {
    std::int64_t total = 0;
    std::int64_t removed = rows_a_transaction;
    for (int step = 0; step < most_steps && removed >= rows_a_transaction; ++step) {
        auto done = store.write([&](storage::transaction& tx) -> result<void> {
            const auto count = tx.readings().purge(rows_a_transaction);
            if (!count)
                return std::unexpected(count.error());
            removed = *count;
            return {};
        });
        if (!done)
            return pass(std::move(done));
        total += removed;
    }
    return total;
}

} // namespace breakwater::services

#include "services/maintenance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

namespace breakwater::services {

namespace {

/// Readings are removed by the block, and message ids have one index.
constexpr std::int64_t rows_a_transaction = 1000;
/// Each of these rows is in several indexes, on pages all over the file: this many take some milliseconds.
constexpr std::int64_t indexed_rows_a_transaction = 250;

/// Bounds for `in_steps`.
struct step_limits {
    int max_steps = std::numeric_limits<int>::max();
    std::int64_t rows_a_step = rows_a_transaction;
};

/// Repeats `step`, each run in its own transaction. `step` removes at most `rows_a_step` rows, not counting
/// dependent rows, and returns their number. Ends when a step removes fewer, after `max_steps`, or when
/// `stop` is requested. Returns the number of removed rows.
template <class Step>
result<std::int64_t> in_steps(storage::catalogue& store, const step_limits& limits,
                              const std::stop_token& stop, Step step) {
    std::int64_t total = 0;
    std::int64_t removed = limits.rows_a_step;
    for (int steps = 0; steps < limits.max_steps && removed >= limits.rows_a_step && !stop.stop_requested();
         ++steps) {
        auto outcome = store.write_behind([&](storage::transaction& tx) -> result<void> {
            const result<std::int64_t> count = step(tx, limits.rows_a_step);
            if (!count)
                return std::unexpected(count.error());
            removed = *count;
            return {};
        });
        if (!outcome)
            return pass(std::move(outcome));
        total += removed;
    }
    return total;
}

constexpr std::size_t devices_a_transaction = 64;
/// Readings are removed by the block of some hundred: this takes a millisecond or two.
constexpr std::int64_t readings_a_transaction = 16'384;
constexpr std::chrono::days keep_message_ids{7};

constexpr step_limits until_done{.rows_a_step = indexed_rows_a_transaction};

/// Records one event for all events removed since the last one.
result<void> record_expired_events(storage::catalogue& store, timestamp now, std::chrono::days keep_events) {
    return store.write_behind([&](storage::transaction& tx) -> result<void> {
        const auto removed = tx.audit().take_expired_count();
        if (!removed)
            return std::unexpected(removed.error());
        if (*removed == 0)
            return {};
        auto recorded =
            tx.audit().append({.created_at = now,
                               .actor = actor_type::system,
                               .type = event_type::log_retention,
                               .status = event_status::success,
                               .detail = fmt::format("Removed {} security events older than {} days.",
                                                     *removed, keep_events.count()),
                               .count = *removed});
        return recorded ? result<void>{} : pass(std::move(recorded));
    });
}

} // namespace

result<removed_counts> apply_retention(storage::catalogue& store, const clock& time,
                                       std::chrono::days keep_events, const std::stop_token& stop) {
    const timestamp now = time.now();
    const timestamp cutoff = now - keep_events;
    const auto events =
        in_steps(store, until_done, stop, [cutoff](storage::transaction& tx, std::int64_t max_rows) {
            return tx.audit().expire(cutoff, max_rows);
        });
    if (!events)
        return std::unexpected(events.error());
    if (auto recorded = record_expired_events(store, now, keep_events); !recorded)
        return pass(std::move(recorded));
    const auto sessions =
        in_steps(store, until_done, stop, [now](storage::transaction& tx, std::int64_t max_rows) {
            return tx.sessions().purge(now, max_rows);
        });
    if (!sessions)
        return std::unexpected(sessions.error());
    const auto alerts =
        in_steps(store, until_done, stop, [cutoff](storage::transaction& tx, std::int64_t max_rows) {
            return tx.alerts().expire(cutoff, max_rows);
        });
    if (!alerts)
        return std::unexpected(alerts.error());
    const auto deliveries =
        in_steps(store, until_done, stop, [cutoff](storage::transaction& tx, std::int64_t max_rows) {
            return tx.outbox().expire(cutoff, max_rows);
        });
    if (!deliveries)
        return std::unexpected(deliveries.error());
    return removed_counts{
        .events = *events, .sessions = *sessions, .alerts = *alerts, .deliveries = *deliveries};
}

void reading_expiry::begin() {
    const timestamp now = clock_.now();
    due_.clear();
    next_ = 0;
    devices_.for_each([&](const device_id& id, const registry::device_state& state) {
        const effective_policy policy = policies_.of(id, state.category);
        due entry{.device = id, .readings_before = {}, .rollups_before = {}};
        if (policy.keep_readings_days > 0)
            entry.readings_before = now - std::chrono::days{policy.keep_readings_days};
        if (policy.keep_rollups_days > 0)
            entry.rollups_before = now - std::chrono::days{policy.keep_rollups_days};
        if (entry.readings_before || entry.rollups_before)
            due_.push_back(entry);
    });
}

result<bool> reading_expiry::step(int max_transactions, const std::stop_token& stop) {
    for (; next_ < due_.size() && max_transactions > 0; --max_transactions) {
        if (stop.stop_requested())
            return false;
        auto outcome = store_.write_behind([&](storage::transaction& tx) -> result<void> {
            const auto removed = expire_some(tx, readings_a_transaction);
            return removed ? result<void>{} : std::unexpected(removed.error());
        });
        if (!outcome)
            return pass(std::move(outcome));
    }
    if (next_ < due_.size())
        return false;
    const auto forgotten = in_steps(
        store_, {.max_steps = max_transactions}, stop, [&](storage::transaction& tx, std::int64_t max_rows) {
            return tx.readings().forget_message_ids(clock_.now() - keep_message_ids, max_rows);
        });
    if (!forgotten)
        return std::unexpected(forgotten.error());
    return *forgotten < max_transactions * rows_a_transaction;
}

result<std::int64_t> reading_expiry::expire_some(storage::transaction& tx, std::int64_t limit) {
    std::int64_t removed = 0;
    const std::size_t end = std::min(due_.size(), next_ + devices_a_transaction);
    std::size_t position = next_; // after a rollback the next transaction begins here again
    while (position < end && removed < limit) {
        const due& entry = due_[position];
        const auto count =
            tx.readings().expire(entry.device, entry.readings_before, entry.rollups_before, limit - removed);
        if (!count)
            return count;
        removed += *count;
        if (removed < limit)
            ++position; // otherwise this device may have more
    }
    tx.after_commit([this, position] { next_ = position; });
    return removed;
}

result<std::int64_t> purge_readings(storage::catalogue& store, int max_steps, const std::stop_token& stop) {
    return in_steps(
        store, {.max_steps = max_steps}, stop,
        [](storage::transaction& tx, std::int64_t max_rows) { return tx.readings().purge(max_rows); });
}

} // namespace breakwater::services

#include "services/maintenance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

namespace breakwater::services {

namespace {

/// Readings go by the block, and message ids have one index.
constexpr std::int64_t rows_a_transaction = 1000;
/// A row of these stands in several indexes, on pages all over the file: this many are some milliseconds.
constexpr std::int64_t indexed_rows_a_transaction = 250;

/// How far `in_steps` goes.
struct extent {
    int most_steps = std::numeric_limits<int>::max();
    std::int64_t rows_a_step = rows_a_transaction;
};

/// Repeats `step`, each a transaction of its own that removes at most so many rows (what hangs on them
/// beside) and says how many that were, until one finds fewer, `most_steps` are done, or it is to stop. The
/// rows removed.
template <class Step>
result<std::int64_t> in_steps(storage::database& store, const extent& how_far, const std::stop_token& stop,
                              Step step) {
    std::int64_t total = 0;
    std::int64_t removed = how_far.rows_a_step;
    for (int done = 0; done < how_far.most_steps && removed >= how_far.rows_a_step && !stop.stop_requested();
         ++done) {
        auto written = store.write_behind([&](storage::transaction& tx) -> result<void> {
            const result<std::int64_t> count = step(tx, how_far.rows_a_step);
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

constexpr std::size_t devices_a_transaction = 64;
/// They go by the block of some hundred: a millisecond or two.
constexpr std::int64_t readings_a_transaction = 16'384;
constexpr std::chrono::days keep_message_ids{7};

constexpr extent until_done{.rows_a_step = indexed_rows_a_transaction};

/// One event for all that was removed since the last one.
result<void> record_expired_events(storage::database& store, timestamp now, std::chrono::days keep_events) {
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
                               .detail = fmt::format("{} security events older than {} days removed.",
                                                     *removed, keep_events.count()),
                               .count = *removed});
        return recorded ? result<void>{} : pass(std::move(recorded));
    });
}

} // namespace

result<removed_counts> apply_retention(storage::database& store, const clock& time,
                                       std::chrono::days keep_events, const std::stop_token& stop) {
    const timestamp now = time.now();
    const timestamp limit = now - keep_events;
    const auto events =
        in_steps(store, until_done, stop, [limit](storage::transaction& tx, std::int64_t most) {
            return tx.audit().expire(limit, most);
        });
    if (!events)
        return std::unexpected(events.error());
    if (auto recorded = record_expired_events(store, now, keep_events); !recorded)
        return pass(std::move(recorded));
    const auto sessions =
        in_steps(store, until_done, stop, [now](storage::transaction& tx, std::int64_t most) {
            return tx.sessions().purge(now, most);
        });
    if (!sessions)
        return std::unexpected(sessions.error());
    const auto alerts =
        in_steps(store, until_done, stop, [limit](storage::transaction& tx, std::int64_t most) {
            return tx.alerts().expire(limit, most);
        });
    if (!alerts)
        return std::unexpected(alerts.error());
    const auto deliveries =
        in_steps(store, until_done, stop, [limit](storage::transaction& tx, std::int64_t most) {
            return tx.webhooks().expire(limit, most);
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
    devices_.for_each([&](const device_id& id, const storage::device_state& state) {
        const effective_policy rules = policies_.of(id, state.category);
        due its{.device = id, .readings_before = {}, .rollups_before = {}};
        if (rules.keep_readings_days > 0)
            its.readings_before = now - std::chrono::days{rules.keep_readings_days};
        if (rules.keep_rollups_days > 0)
            its.rollups_before = now - std::chrono::days{rules.keep_rollups_days};
        if (its.readings_before || its.rollups_before)
            due_.push_back(its);
    });
}

result<bool> reading_expiry::step(int most_transactions, const std::stop_token& stop) {
    for (; next_ < due_.size() && most_transactions > 0; --most_transactions) {
        if (stop.stop_requested())
            return false;
        auto done = store_.write_behind([&](storage::transaction& tx) -> result<void> {
            const auto removed = expire_some(tx, readings_a_transaction);
            return removed ? result<void>{} : std::unexpected(removed.error());
        });
        if (!done)
            return pass(std::move(done));
    }
    if (next_ < due_.size())
        return false;
    const auto forgotten = in_steps(
        store_, {.most_steps = most_transactions}, stop, [&](storage::transaction& tx, std::int64_t most) {
            return tx.readings().forget_message_ids(clock_.now() - keep_message_ids, most);
        });
    if (!forgotten)
        return std::unexpected(forgotten.error());
    return *forgotten < most_transactions * rows_a_transaction;
}

result<std::int64_t> reading_expiry::expire_some(storage::transaction& within, std::int64_t most) {
    std::int64_t removed = 0;
    const std::size_t end = std::min(due_.size(), next_ + devices_a_transaction);
    std::size_t at = next_; // where the transaction is rolled back, the next begins there anew
    while (at < end && removed < most) {
        const due& its = due_[at];
        const auto gone =
            within.readings().expire(its.device, its.readings_before, its.rollups_before, most - removed);
        if (!gone)
            return gone;
        removed += *gone;
        if (removed < most)
            ++at; // else there may be more of this one
    }
    within.after_commit([this, at] { next_ = at; });
    return removed;
}

result<std::int64_t> purge_readings(storage::database& store, int most_steps, const std::stop_token& stop) {
    return in_steps(store, {.most_steps = most_steps}, stop,
                    [](storage::transaction& tx, std::int64_t most) { return tx.readings().purge(most); });
}

} // namespace breakwater::services

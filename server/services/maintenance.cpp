#include "services/maintenance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

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

constexpr std::size_t devices_a_transaction = 64;
constexpr std::chrono::days keep_message_ids{7};

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

result<std::int64_t> expire_readings(storage::database& store, const storage::device_registry& devices,
                                     const storage::policy_registry& policies, const clock& time) {
    const timestamp now = time.now();
    struct due {
        device_id device;
        std::optional<timestamp> readings_before;
        std::optional<timestamp> rollups_before;
    };
    std::vector<due> all;
    devices.for_each([&](const device_id& id, const storage::device_state& state) {
        const effective_policy rules = policies.of(id, state.category);
        due its{.device = id, .readings_before = {}, .rollups_before = {}};
        if (rules.keep_readings_days > 0)
            its.readings_before = now - std::chrono::days{rules.keep_readings_days};
        if (rules.keep_rollups_days > 0)
            its.rollups_before = now - std::chrono::days{rules.keep_rollups_days};
        if (its.readings_before || its.rollups_before)
            all.push_back(its);
    });
    // Device after device; a step ends early where there is much to remove.
    std::size_t next = 0;
    const auto expired =
        in_steps(store, until_done, [&](storage::transaction& tx, std::int64_t most) -> result<std::int64_t> {
            std::int64_t removed = 0;
            const std::size_t end = std::min(all.size(), next + devices_a_transaction);
            std::size_t at = next; // a step that is rolled back begins anew
            for (; at < end && removed < most; ++at) {
                const auto gone = tx.readings().expire(all[at].device, all[at].readings_before,
                                                       all[at].rollups_before, most - removed);
                if (!gone)
                    return gone;
                removed += *gone;
                if (removed >= most)
                    break; // there may be more of this one
            }
            tx.after_commit([&next, at] { next = at; });
            return at < all.size() ? std::max(removed, most) : removed;
        });
    if (!expired)
        return expired;
    return in_steps(store, until_done, [&](storage::transaction& tx, std::int64_t most) {
        return tx.readings().forget_message_ids(now - keep_message_ids, most);
    });
}

result<std::int64_t> purge_readings(storage::database& store, int most_steps) {
    return in_steps(store, most_steps,
                    [](storage::transaction& tx, std::int64_t most) { return tx.readings().purge(most); });
}

} // namespace breakwater::services

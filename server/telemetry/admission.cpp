#include "telemetry/admission.hpp"

#include "base/calendar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace breakwater::telemetry {

namespace {

/// Whether the reading was measured at least one interval (1 s at least) before `now`.
bool is_late(const reading& arrived, timestamp now, const effective_policy& policy) noexcept {
    const auto window = std::max<std::chrono::microseconds>(policy.min_interval, std::chrono::seconds{1});
    return arrived.device_timestamp && *arrived.device_timestamp <= now - window;
}

token_buckets::allowance backfill_of(const effective_policy& policy) noexcept {
    return {.rate = static_cast<double>(policy.backfill_per_second),
            .burst = static_cast<std::size_t>(policy.backfill_burst)};
}

/// The wall clock may have been wrong then, or set back since. A time in the future counts as now, and one
/// more than a year ago as a year ago, which is longer than any limit.
steady_point steady_time_of(timestamp at, timestamp now, steady_point steady_now) noexcept {
    return steady_now - (now - std::clamp(at, shifted(now, -std::chrono::days{365}), now));
}

/// When the device last used its slot in the rate limiter, if that was within the interval: the arrival of
/// its newest reading that was not late. A late reading that was uploaded alone also used the slot. It looks
/// like one of a batch here and is skipped, so that the device may send a little too early.
result<std::optional<timestamp>> last_live_arrival(const storage::series_store& readings,
                                                   const device_id& device, const effective_policy& policy,
                                                   timestamp now) {
    constexpr std::size_t page_size = 256;
    constexpr int max_pages = 64; // bounds the search behind a large batch of late readings
    const storage::reading_filter within{
        .device_id = device, .since = now - policy.min_interval, .until = {}, .include_simulated = false};
    std::optional<storage::reading_position> after;
    for (int pages = 0; pages < max_pages; ++pages) {
        const auto page = readings.page(within, storage::reading_order::newest_first, after, page_size);
        if (!page)
            return std::unexpected(page.error());
        for (const reading& item : *page)
            if (!is_late(item, item.received_at, policy))
                return item.received_at;
        if (page->size() < page_size)
            break;
        after = {page->back().received_at, page->back().id};
    }
    return std::nullopt;
}

} // namespace

admission::claim admission::check(submission& submitted, const effective_policy& policy, timestamp now) {
    claim claimed;
    std::vector<std::size_t> late;
    for (std::size_t i = 0; i < submitted.items.size(); ++i) {
        submitted_reading& item = submitted.items[i];
        if (item.refusal) {
            count_refusal(submitted.device, refusal::malformed);
            continue;
        }
        item.reading.simulated = false;
        item.reading.device_id = submitted.device;
        item.reading.received_at = now;
        item.reading.late = submitted.kind == submission::form::batch && is_late(item.reading, now, policy);
        item.refusal = check_size(item.reading, policy);
        if (item.refusal)
            continue;
        if (item.reading.late)
            late.push_back(i);
        else if (item.refusal = check_interval(submitted.device, policy); !item.refusal)
            ++claimed.slots;
    }
    if (!late.empty())
        claimed.tokens = check_late(submitted, late, policy);
    return claimed;
}

std::size_t admission::check_late(submission& submitted, std::span<const std::size_t> late,
                                  const effective_policy& policy) {
    const auto tokens =
        backfill_.take(submitted.device, late.size(), deps_.time.steady_now(), backfill_of(policy));
    if (tokens.granted == late.size())
        return tokens.granted;
    count_refusal(submitted.device, refusal::backfill_limited, late.size() - tokens.granted);
    for (const std::size_t i : late.subspan(tokens.granted))
        submitted.items[i].refusal = error{
            .code = errc::rate_limited,
            .detail =
                fmt::format("Too many late readings: a device may send {} at once, and {} per second in the "
                            "long run.",
                            policy.backfill_burst, policy.backfill_per_second),
            .retry_after = tokens.retry_after,
            .limit = limit_info{
                .name = "late_readings",
                .quota = policy.backfill_burst,
                .remaining = static_cast<std::int64_t>(tokens.remaining),
                .window = std::chrono::seconds{(policy.backfill_burst + policy.backfill_per_second - 1) /
                                               policy.backfill_per_second}}};
    return tokens.granted;
}

std::optional<error> admission::check_size(const reading& arrived, const effective_policy& policy) {
    if (std::cmp_less_equal(arrived.payload.size(), policy.payload_limit_bytes))
        return std::nullopt;
    count_refusal(arrived.device_id, refusal::too_large);
    return error{.code = errc::too_large,
                 .detail = fmt::format("The payload has {} bytes as compact JSON; at most {} are allowed.",
                                       arrived.payload.size(), policy.payload_limit_bytes),
                 .limit = limit_info{.name = "payload_bytes", .quota = policy.payload_limit_bytes}};
}

std::optional<error> admission::check_interval(const device_id& device, const effective_policy& policy) {
    const auto wait = intervals_.admit(device, deps_.time.steady_now(), policy.min_interval);
    if (!wait)
        return std::nullopt;
    count_refusal(device, refusal::too_soon);
    const std::chrono::duration<double> interval{policy.min_interval};
    return error{.code = errc::rate_limited,
                 .detail =
                     fmt::format("Too soon: a device may send one reading every {} s.", interval.count()),
                 .retry_after = wait,
                 .limit = limit_info{.name = "readings",
                                     .quota = 1,
                                     .window = std::chrono::ceil<std::chrono::seconds>(policy.min_interval)}};
}

void admission::commit(const device_id& device, const claim& claimed, std::span<const reading> stored) {
    if (claimed.slots == 0)
        return;
    if (std::ranges::any_of(
            stored, [](const reading& item) { return !item.late && item.outcome == append_outcome::stored; }))
        intervals_.commit(device);
    else
        intervals_.release(device);
}

void admission::release(const device_id& device, const claim& claimed) {
    if (claimed.slots > 0)
        intervals_.release(device);
    backfill_.refund(device, claimed.tokens);
}

void admission::count_refusal(const device_id& device, refusal reason, std::size_t count) {
    totals_[static_cast<std::size_t>(reason)].fetch_add(count, std::memory_order_relaxed);
    refusals_.add(device, reason, count);
}

void admission::restore_allowances(std::span<const storage::limit_state> states, timestamp now,
                                   steady_point steady_now) {
    for (const storage::limit_state& state : states)
        if (const auto device = deps_.devices.find(state.device))
            backfill_.restore({state.device, state.tokens}, steady_time_of(state.at, now, steady_now),
                              backfill_of(deps_.policies.of(state.device, device->category)));
}

result<void> admission::restore_intervals(const storage::series_store& readings,
                                          std::span<const device_id> devices, timestamp now,
                                          steady_point steady_now) {
    for (const device_id& id : devices) {
        const auto device = deps_.devices.find(id);
        if (!device)
            continue;
        const effective_policy policy = deps_.policies.of(id, device->category);
        if (policy.min_interval <= std::chrono::microseconds::zero())
            continue;
        const auto last = last_live_arrival(readings, id, policy, now);
        if (!last)
            return std::unexpected(last.error());
        if (*last)
            intervals_.restore(id, steady_time_of(**last, now, steady_now), policy.min_interval);
    }
    return {};
}

result<void> admission::restore(storage::catalogue& store) {
    const timestamp now = deps_.time.now();
    const steady_point steady_now = deps_.time.steady_now();
    return store.read([&](const storage::snapshot& view) -> result<void> {
        const auto states = view.limits().list();
        if (!states)
            return std::unexpected(states.error());
        restore_allowances(*states, now, steady_now);
        // A device that was silent for longer than the longest interval may send at once.
        const auto longest = deps_.policies.longest_min_interval();
        if (longest <= std::chrono::microseconds::zero())
            return {};
        const auto active = view.readings().active_since(shifted(now, -longest));
        if (!active)
            return std::unexpected(active.error());
        return restore_intervals(view.readings(), *active, now, steady_now);
    });
}

result<void> admission::take_over(storage::transaction& tx, std::span<const device_id> devices) {
    const timestamp now = deps_.time.now();
    const steady_point steady_now = deps_.time.steady_now();
    for (const device_id& id : devices) {
        intervals_.forget(id);
        backfill_.forget(id);
    }
    const auto states = tx.limits().of(devices);
    if (!states)
        return std::unexpected(states.error());
    restore_allowances(*states, now, steady_now);
    const auto longest = deps_.policies.longest_min_interval();
    if (longest <= std::chrono::microseconds::zero())
        return {};
    const auto last = tx.readings().last_received(devices, false);
    if (!last)
        return std::unexpected(last.error());
    std::vector<device_id> active;
    for (std::size_t i = 0; i < devices.size(); ++i)
        if ((*last)[i] && *(*last)[i] >= shifted(now, -longest))
            active.push_back(devices[i]);
    return restore_intervals(tx.readings(), active, now, steady_now);
}

void admission::finish(std::span<const device_id> devices) {
    const timestamp now = deps_.time.now();
    const steady_point steady_now = deps_.time.steady_now();
    const lock_guard lock{departing_mutex_};
    for (const device_id& id : devices) {
        intervals_.forget(id);
        if (const auto tokens = backfill_.extract(id, steady_now))
            departing_.insert_or_assign(
                id, storage::limit_state{.device = id, .tokens = std::max(*tokens, 0.0), .at = now});
    }
}

result<void> admission::hand_over(storage::transaction& tx, std::span<const device_id> devices) {
    std::vector<storage::limit_state> states;
    {
        const lock_guard lock{departing_mutex_};
        for (const device_id& id : devices)
            if (const auto state = departing_.find(id); state != departing_.end())
                states.push_back(state->second);
    }
    if (auto saved = tx.limits().save(states); !saved)
        return saved;
    tx.after_commit([this, ids = std::vector(devices.begin(), devices.end())] {
        const lock_guard lock{departing_mutex_};
        for (const device_id& id : ids)
            departing_.erase(id);
    });
    return {};
}

void admission::save(const std::function<void(storage::catalogue::unit_of_work)>& write) {
    constexpr std::size_t max_rows = 1000; // in one transaction, so that readings do not wait for long
    const timestamp now = deps_.time.now();
    const auto changed = backfill_.take_changed(deps_.time.steady_now());
    for (std::size_t from = 0; from < changed.size(); from += max_rows) {
        const auto levels = std::span{changed}.subspan(from, std::min(max_rows, changed.size() - from));
        std::vector<storage::limit_state> states;
        states.reserve(levels.size());
        for (const token_buckets::device_level& level : levels)
            states.push_back({.device = level.device, .tokens = level.tokens, .at = now});
        write([states = std::move(states)](storage::transaction& tx) { return tx.limits().save(states); });
    }
}

void admission::prune() {
    intervals_.prune(deps_.time.steady_now());
    backfill_.prune(deps_.time.steady_now());
}

void admission::forget(const device_id& device) {
    intervals_.forget(device);
    backfill_.forget(device);
    refusals_.forget(device);
}

std::size_t admission::backfill_remaining(const device_id& id) const {
    const auto device = deps_.devices.find(id);
    if (!device)
        return 0;
    return backfill_.remaining(id, deps_.time.steady_now(),
                               backfill_of(deps_.policies.of(id, device->category)));
}

} // namespace breakwater::telemetry

#include "storage/engine/compactor.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace breakwater::storage::engine {

namespace {

constexpr std::size_t devices_per_plan = 16; ///< read together
constexpr std::size_t devices_per_step = 4;  ///< one sync for all; some milliseconds of the writer's time
constexpr std::chrono::seconds pause_after_failure{5};
constexpr std::chrono::minutes idle_interval{10}; ///< between runs that only look for old buffered readings

} // namespace

compactor::compactor(compaction_host& host, shared_state& shared, bool own_thread)
    : host_{host}, shared_{shared} {
    if (own_thread)
        thread_ = start_thread("db compactor", [this] { loop(); }, thread_priority::background);
}

compactor::~compactor() {
    {
        const lock_guard lock{mutex_};
        stopping_ = true;
    }
    woken_.notify_one();
    if (thread_.joinable())
        thread_.join();
}

void compactor::wake() {
    {
        const lock_guard lock{mutex_};
        due_ = true;
    }
    woken_.notify_one();
}

bool compactor::stopping() const {
    const lock_guard lock{mutex_};
    return stopping_;
}

void compactor::loop() {
    for (;;) {
        {
            unique_lock lock{mutex_};
            woken_.wait_for(lock, idle_interval, [this]() REQUIRES(mutex_) { return due_ || stopping_; });
            if (stopping_)
                return;
            due_ = false;
        }
        if (const auto done = run(false); !done) {
            log::write(log::level::warning, "readings could not be compacted yet",
                       {{"detail", done.error().detail}});
            unique_lock lock{mutex_};
            woken_.wait_for(lock, pause_after_failure, [this]() REQUIRES(mutex_) { return stopping_; });
            due_ = true;
        }
    }
}

result<std::size_t> compactor::run(bool everything) {
    const lock_guard lock{run_mutex_};
    return work(everything);
}

result<std::size_t> compactor::work(bool everything) {
    std::size_t moved = 0;
    std::vector<device_key> unchanged;
    for (auto devices = next_devices(everything); !devices.empty() && devices != unchanged && !stopping();
         devices = next_devices(everything)) {
        const auto step = compact(devices);
        if (!step) {
            shared_.buffered.requeue(devices);
            return step;
        }
        moved += *step;
        if (*step == 0) // the devices were deleted, changed, or are not visible in this snapshot yet
            unchanged = devices;
        else // a plan has no room for all readings of devices with large payloads
            shared_.buffered.requeue(devices);
    }
    if (auto trimmed = host_.trim(everything, [this] { return stopping(); }); !trimmed)
        return pass(std::move(trimmed));
    return moved;
}

std::vector<device_key> compactor::next_devices(bool everything) {
    auto due = shared_.buffered.take_due(devices_per_plan);
    if (!due.empty())
        return due;
    const reading_id end = shared_.buffered.end();
    if (everything)
        return shared_.buffered.uncompacted_before(end, devices_per_plan);
    if (end - shared_.buffered.first_owned_uncompacted() > target_buffered)
        return shared_.buffered.uncompacted_before(end - target_buffered / 2, devices_per_plan);
    return shared_.buffered.uncompacted_for(max_buffered_age, devices_per_plan);
}

result<std::vector<compaction_plan>> compactor::plan(const std::vector<device_key>& devices) {
    std::vector<compaction_plan> plans;
    auto read = host_.read([&](series_tables& tables) -> result<void> {
        auto planned = plan_compactions(tables, shared_, devices);
        if (!planned)
            return pass(std::move(planned));
        plans = std::move(*planned);
        return {};
    });
    if (!read)
        return pass(std::move(read));
    return plans;
}

result<std::size_t> compactor::compact(const std::vector<device_key>& devices) {
    const auto plans = plan(devices);
    if (!plans)
        return std::unexpected(plans.error());
    std::size_t moved = 0;
    for (auto rest = std::span<const compaction_plan>{*plans}; !rest.empty() && !stopping();) {
        const auto step = rest.first(std::min(devices_per_step, rest.size()));
        rest = rest.subspan(step.size());
        const auto applied = apply(step);
        if (!applied)
            return applied;
        moved += *applied;
    }
    return moved;
}

result<std::size_t> compactor::apply(std::span<const compaction_plan> plans) {
    std::vector<const compaction_plan*> applied;
    auto written = host_.write([&](series_tables& tables) -> result<void> {
        applied.clear();
        for (const compaction_plan& compaction : plans) {
            const auto done = apply_compaction(tables, shared_, compaction);
            if (!done)
                return std::unexpected(done.error());
            if (*done)
                applied.push_back(&compaction);
        }
        return {};
    });
    if (!written)
        return pass(std::move(written));
    std::size_t moved = 0;
    for (const compaction_plan* compaction : applied) {
        shared_.buffered.compacted(compaction->device, compaction->through);
        moved += compaction->moved;
    }
    return moved;
}

} // namespace breakwater::storage::engine

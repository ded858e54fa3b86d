#include "storage/sqlite/compactor.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace breakwater::storage::sqlite {

namespace {

constexpr std::size_t devices_per_plan = 16; ///< read together
constexpr std::size_t devices_per_step = 4;  ///< one sync for all; some milliseconds of the writer's time
constexpr reading_id rows_per_trim = 2000;   ///< one or two milliseconds of the writer's time
constexpr reading_id min_rows_to_trim = 4096;
/// Free pages (of 4 KiB) that stay in the file for new data: 16 MiB, or a tenth of the file.
constexpr std::int64_t min_free_pages = 4096;
constexpr std::int64_t free_page_divisor = 10;
// Pages released per transaction: fewer when units of work wait for the writer.
constexpr const char* release_many = "PRAGMA incremental_vacuum(1024)";
constexpr const char* release_few = "PRAGMA incremental_vacuum(64)";
constexpr std::chrono::seconds pause_after_failure{5};
constexpr std::chrono::minutes idle_interval{10}; ///< between runs that only look for old buffered readings

result<std::int64_t> number_of(connection& db, const char* sql) {
    statement query = db.prepare(sql);
    const auto row = query.step();
    if (!row)
        return std::unexpected(row.error());
    return query.integer(0);
}

} // namespace

compactor::compactor(connection::settings reader, writer& writer, shared_state& shared, bool own_thread)
    : reader_{std::move(reader)}, writer_{writer}, shared_{shared} {
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
    if (db_ == nullptr) {
        auto opened = connection::open(reader_);
        if (!opened)
            return pass(std::move(opened));
        db_ = std::move(*opened);
    }
    auto moved = work(everything);
    if (db_->take_medium_failure())
        db_.reset(); // the next run opens a new connection
    return moved;
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
    if (auto trimmed = trim(everything); !trimmed)
        return pass(std::move(trimmed));
    if (auto released = release_free_pages(); !released)
        return pass(std::move(released));
    return moved;
}

std::vector<device_key> compactor::next_devices(bool everything) {
    auto due = shared_.buffered.take_due(devices_per_plan);
    if (!due.empty())
        return due;
    const reading_id end = shared_.buffered.end();
    if (everything)
        return shared_.buffered.uncompacted_before(end, devices_per_plan);
    if (end - shared_.buffered.first_uncompacted() > target_buffered)
        return shared_.buffered.uncompacted_before(end - target_buffered / 2, devices_per_plan);
    return shared_.buffered.uncompacted_for(max_buffered_age, devices_per_plan);
}

result<std::vector<compaction_plan>> compactor::plan(const std::vector<device_key>& devices) {
    if (auto begun = db_->run("BEGIN"); !begun)
        return pass(std::move(begun));
    auto plans = plan_compactions(*db_, shared_, devices);
    if (auto ended = db_->run("COMMIT"); !ended && plans)
        return pass(std::move(ended));
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
    auto written = writer_.run([&](connection& db, writer_memory&) -> result<void> {
        applied.clear();
        for (const compaction_plan& compaction : plans) {
            const auto done = apply_compaction(db, shared_, compaction);
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

/// Deletes the compacted rows at the front of the write buffer, oldest first: whole pages, in the order in
/// which they were filled.
result<void> compactor::trim(bool everything) {
    const reading_id limit = shared_.buffered.first_uncompacted();
    const auto first = number_of(*db_, "SELECT ifnull(min(id), 0) FROM write_buffer");
    if (!first)
        return std::unexpected(first.error());
    if (*first == 0 || (!everything && limit - *first < min_rows_to_trim))
        return {};
    for (reading_id from = *first; from < limit && !stopping(); from += rows_per_trim) {
        auto trimmed = writer_.run([&](connection& db, writer_memory& memory) -> result<void> {
            if (auto saved = save_last_reading_id(db, memory); !saved)
                return saved;
            return db.run("DELETE FROM write_buffer WHERE id < ?1", std::min(from + rows_per_trim, limit));
        });
        if (!trimmed)
            return trimmed;
    }
    return {};
}

result<void> compactor::release_free_pages() {
    while (!stopping()) {
        const auto free_pages = number_of(*db_, "PRAGMA freelist_count");
        const auto pages = number_of(*db_, "PRAGMA page_count");
        if (!free_pages || !pages)
            return std::unexpected(!free_pages ? free_pages.error() : pages.error());
        if (*free_pages <= std::max(min_free_pages, *pages / free_page_divisor))
            return {};
        const char* const step = writer_.depth() == 0 ? release_many : release_few;
        auto released =
            writer_.run([step](connection& db, writer_memory&) -> result<void> { return db.run(step); });
        if (!released)
            return released;
    }
    return {};
}

} // namespace breakwater::storage::sqlite

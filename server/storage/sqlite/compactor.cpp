#include "storage/sqlite/compactor.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace breakwater::storage::sqlite {

namespace {

constexpr std::size_t devices_a_step = 4; ///< one sync for all; some milliseconds of the writer
constexpr reading_id rows_a_sweep = 2000; ///< one or two milliseconds of the writer's time
constexpr reading_id worth_sweeping = 4096;
/// Free pages (of 4 KiB) that stay in the file for what comes next: 16 MiB, or a tenth of the file.
constexpr std::int64_t pages_kept = 4096;
constexpr std::int64_t share_kept = 10;
// How many of them are given back in a transaction: fewer where others wait for the writer.
constexpr const char* give_back_much = "PRAGMA incremental_vacuum(1024)";
constexpr const char* give_back_little = "PRAGMA incremental_vacuum(64)";
constexpr std::chrono::seconds pause_after_failure{5};
constexpr std::chrono::minutes look_again{10}; ///< for what has been hot for long, of devices that say little

result<std::int64_t> number_of(connection& db, const char* sql) {
    statement query = db.prepare(sql);
    const auto row = query.step();
    if (!row)
        return std::unexpected(row.error());
    return query.integer(0);
}

} // namespace

compactor::compactor(connection::settings how, writer& to, shared_state& shared, bool by_itself)
    : how_{std::move(how)}, writer_{to}, shared_{shared} {
    if (by_itself)
        thread_ = start_thread("db compactor", [this] { loop(); }, thread_priority::background);
}

compactor::~compactor() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    asked_.notify_one();
    if (thread_.joinable())
        thread_.join();
}

void compactor::wake() {
    {
        const std::lock_guard lock{mutex_};
        due_ = true;
    }
    asked_.notify_one();
}

bool compactor::stopping() const {
    const std::lock_guard lock{mutex_};
    return stopping_;
}

void compactor::loop() {
    for (;;) {
        {
            std::unique_lock lock{mutex_};
            asked_.wait_for(lock, look_again, [this] { return due_ || stopping_; });
            if (stopping_)
                return;
            due_ = false;
        }
        if (const auto done = run(false); !done) {
            log::write(log::level::warning, "readings could not be compacted yet",
                       {{"detail", done.error().detail}});
            std::unique_lock lock{mutex_};
            asked_.wait_for(lock, pause_after_failure, [this] { return stopping_; });
            due_ = true;
        }
    }
}

result<std::size_t> compactor::run(bool everything) {
    const std::lock_guard working{working_};
    if (db_ == nullptr) {
        auto opened = connection::open(how_);
        if (!opened)
            return pass(std::move(opened));
        db_ = std::move(*opened);
    }
    auto moved = work(everything);
    if (db_->take_medium_failure())
        db_.reset(); // the next run starts with a fresh connection
    return moved;
}

result<std::size_t> compactor::work(bool everything) {
    std::size_t moved = 0;
    std::vector<device_key> in_vain;
    for (auto devices = next_devices(everything); !devices.empty() && devices != in_vain && !stopping();
         devices = next_devices(everything)) {
        const auto step = fold(devices);
        if (!step) {
            shared_.hot.put_back(devices);
            return step;
        }
        moved += *step;
        if (*step == 0) // gone, not to be seen yet, or changed meanwhile
            in_vain = devices;
    }
    if (auto swept = sweep(everything); !swept)
        return pass(std::move(swept));
    if (auto given = give_back_room(); !given)
        return pass(std::move(given));
    return moved;
}

std::vector<device_key> compactor::next_devices(bool everything) {
    auto due = shared_.hot.take_due(devices_a_step);
    if (!due.empty())
        return due;
    const reading_id end = shared_.hot.end();
    if (everything)
        return shared_.hot.unfolded_before(end, devices_a_step);
    if (end - shared_.hot.first_unfolded() > most_hot)
        return shared_.hot.unfolded_before(end - most_hot / 2, devices_a_step);
    return shared_.hot.unfolded_for(longest_hot, devices_a_step);
}

result<std::vector<fold_plan>> compactor::plan(const std::vector<device_key>& devices) {
    if (auto begun = db_->run("BEGIN"); !begun)
        return pass(std::move(begun));
    result<std::vector<fold_plan>> plans;
    for (const device_key device : devices) {
        auto planned = plan_fold(*db_, shared_, device);
        if (!planned) {
            plans = pass(std::move(planned));
            break;
        }
        if (*planned)
            plans->push_back(std::move(**planned));
    }
    if (auto ended = db_->run("COMMIT"); !ended && plans)
        return pass(std::move(ended));
    return plans;
}

result<std::size_t> compactor::fold(const std::vector<device_key>& devices) {
    const auto plans = plan(devices);
    if (!plans)
        return std::unexpected(plans.error());
    if (plans->empty())
        return 0;
    std::vector<const fold_plan*> applied;
    auto written = writer_.run([&](connection& db, writer_memory&) -> result<void> {
        applied.clear();
        for (const fold_plan& each : *plans) {
            const auto done = apply_fold(db, shared_, each);
            if (!done)
                return std::unexpected(done.error());
            if (*done)
                applied.push_back(&each);
        }
        return {};
    });
    if (!written)
        return pass(std::move(written));
    std::size_t moved = 0;
    for (const fold_plan* each : applied) {
        shared_.hot.folded(each->device, each->through);
        moved += each->moved;
    }
    return moved;
}

/// Deletes, from the oldest on, the hot readings that are all folded: whole pages, in the order they were
/// filled.
result<void> compactor::sweep(bool everything) {
    const reading_id limit = shared_.hot.first_unfolded();
    const auto first = number_of(*db_, "SELECT ifnull(min(id), 0) FROM hot_readings");
    if (!first)
        return std::unexpected(first.error());
    if (*first == 0 || (!everything && limit - *first < worth_sweeping))
        return {};
    for (reading_id from = *first; from < limit && !stopping(); from += rows_a_sweep) {
        auto swept = writer_.run([&](connection& db, writer_memory& memory) -> result<void> {
            if (auto kept = keep_last_reading_id(db, memory); !kept)
                return kept;
            return db.run("DELETE FROM hot_readings WHERE id < ?1", std::min(from + rows_a_sweep, limit));
        });
        if (!swept)
            return swept;
    }
    return {};
}

result<void> compactor::give_back_room() {
    while (!stopping()) {
        const auto free_pages = number_of(*db_, "PRAGMA freelist_count");
        const auto pages = number_of(*db_, "PRAGMA page_count");
        if (!free_pages || !pages)
            return std::unexpected(!free_pages ? free_pages.error() : pages.error());
        if (*free_pages <= std::max(pages_kept, *pages / share_kept))
            return {};
        const char* const step = writer_.depth() == 0 ? give_back_much : give_back_little;
        auto given =
            writer_.run([step](connection& db, writer_memory&) -> result<void> { return db.run(step); });
        if (!given)
            return given;
    }
    return {};
}

} // namespace breakwater::storage::sqlite

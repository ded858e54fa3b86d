#include "storage/sqlite/reader_pool.hpp"

#include "base/log.hpp"
#include "storage/engine/store_views.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace breakwater::storage::sqlite {

namespace {

result<void> guarded(catalogue::query& work, const snapshot& state) {
    try {
        return work(state);
    } catch (const std::exception& exception) {
        log::write(log::level::error, "a query threw", {{"what", exception.what()}});
        return fail(errc::internal, "The query failed.");
    }
}

} // namespace

reader_pool::reader_pool(connection::settings options, std::size_t size, shared_state& shared,
                         std::function<result<void>(connection&)> before_each)
    : options_{std::move(options)}, shared_{shared}, before_each_{std::move(before_each)}, idle_{} {
    idle_.resize(std::max<std::size_t>(size, 1));
}

reader_pool::slot reader_pool::take() {
    unique_lock lock{mutex_};
    returned_.wait(lock, [this]() REQUIRES(mutex_) { return !idle_.empty(); });
    slot connection_slot = std::move(idle_.back());
    idle_.pop_back();
    return connection_slot;
}

void reader_pool::give_back(slot used) {
    {
        const lock_guard lock{mutex_};
        idle_.push_back(std::move(used)); // never exceeds the initial capacity, so it doesn't allocate
    }
    returned_.notify_one();
}

/// Stops the query early when its caller no longer waits for it.
result<void> reader_pool::run_cancellably(connection& db, catalogue::query& work) {
    db.cancel_by(cancellation_scope::current());
    auto done = guarded(work, engine::store_snapshot<store_set>{db, shared_, nullptr});
    db.cancel_by(nullptr);
    return done;
}

result<void> reader_pool::read(catalogue::query& work) {
    struct lease {
        reader_pool& pool;
        slot db;
        ~lease() { pool.give_back(std::move(db)); }
    } leased{*this, take()};
    if (leased.db == nullptr) {
        auto opened = connection::open(options_);
        if (!opened)
            return pass(std::move(opened));
        leased.db = std::move(*opened);
    }
    connection& db = *leased.db;
    auto done = db.run("BEGIN");
    if (done) {
        if (before_each_)
            done = before_each_(db);
        if (done)
            done = run_cancellably(db, work);
        if (auto ended = db.run("COMMIT"); !ended && done)
            done = std::move(ended);
    }
    if (const auto failure = db.take_medium_failure()) {
        log::write(log::level::error, "reading the database failed", {{"cause", failure->cause}});
        leased.db.reset(); // the next reader opens a new connection
        if (done)
            return std::unexpected(failure->error);
    }
    return done;
}

} // namespace breakwater::storage::sqlite

#include "storage/postgres/reader_pool.hpp"

#include "base/log.hpp"
#include "storage/engine/store_views.hpp"

#include <algorithm>
#include <exception>
#include <thread>
#include <utility>

namespace breakwater::storage::postgres {

namespace {

/// How long the server may go on with a query whose connection was closed: it looks every two seconds
/// (`client_connection_check_interval`).
constexpr std::chrono::milliseconds time_to_notice{2100};

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
                         lane_follower& lanes)
    : options_{std::move(options)},
      size_{std::max<std::size_t>(size, 1)},
      shared_{shared},
      lanes_{lanes},
      idle_{} {
    idle_.resize(size_);
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

void reader_pool::wait_for_cancelled() {
    for (;;) {
        std::chrono::steady_clock::duration rest{};
        {
            const lock_guard lock{mutex_};
            while (!cancelled_.empty() && clock::now() - cancelled_.front() >= time_to_notice)
                cancelled_.pop_front();
            if (cancelled_.size() < size_)
                return;
            rest = cancelled_.front() + time_to_notice - clock::now();
        }
        std::this_thread::sleep_for(rest);
    }
}

result<void> reader_pool::read(catalogue::query& work) {
    struct lease {
        reader_pool& pool;
        slot db;
        ~lease() { pool.give_back(std::move(db)); }
    } leased{*this, take()};
    if (leased.db == nullptr || leased.db->was_closed()) {
        wait_for_cancelled();
        connection::settings options = options_;
        options.log_failure = !failing_;
        auto opened = connection::open(options);
        failing_ = !opened;
        if (!opened)
            return pass(std::move(opened));
        leased.db = std::move(*opened);
    }
    connection& db = *leased.db;
    db.begin(connection::isolation::snapshot);
    db.cancel_by(cancellation_scope::current());
    auto done = guarded(work, engine::store_snapshot<store_set>{db, shared_, lanes_, nullptr, nullptr});
    db.cancel_by(nullptr);
    const auto failure = db.take_failure();
    db.roll_back(); // there is nothing to commit
    if (db.is_lost()) {
        leased.db.reset(); // the next reader opens a new connection
        if (failure && failure->error.code == errc::overloaded) {
            const lock_guard lock{mutex_};
            cancelled_.push_back(clock::now());
        }
        if (failure && failure->error.code == errc::storage_unavailable)
            log::write(log::level::error, "reading the database failed", {{"cause", failure->cause}});
    }
    if (failure && done)
        return std::unexpected(failure->error);
    return done;
}

} // namespace breakwater::storage::postgres

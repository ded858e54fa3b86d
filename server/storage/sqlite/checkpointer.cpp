#include "storage/sqlite/checkpointer.hpp"

#include "base/log.hpp"
#include "base/thread.hpp"

#include <sqlite3.h>

#include <utility>

namespace breakwater::storage::sqlite {

result<bool> checkpoint(connection& db) {
    int frames = 0;
    int moved = 0;
    const int code =
        sqlite3_wal_checkpoint_v2(db.handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &frames, &moved);
    if (code == SQLITE_OK)
        return moved == frames;
    if ((code & 0xff) == SQLITE_BUSY) // another checkpoint is running
        return false;
    error failure = db.record_failure(code);
    log::write(log::level::error, "the write-ahead log could not be moved into the database",
               {{"cause", db.medium_failure() ? db.medium_failure()->cause : failure.detail}});
    return std::unexpected(std::move(failure));
}

checkpointer::checkpointer(connection::settings options)
    : options_{std::move(options)}, thread_{start_thread("db checkpoint", [this] { loop(); })} {}

checkpointer::~checkpointer() {
    {
        const lock_guard lock{mutex_};
        stopping_ = true;
    }
    requested_.notify_one();
    thread_.join();
}

void checkpointer::start_pass() {
    {
        const lock_guard lock{mutex_};
        due_ = true;
    }
    requested_.notify_one();
}

void checkpointer::loop() {
    for (;;) {
        {
            unique_lock lock{mutex_};
            requested_.wait(lock, [this]() REQUIRES(mutex_) { return due_ || stopping_; });
            if (stopping_)
                return;
        }
        pass();
        // Requests during the pass are dropped: the pass served them too.
        const lock_guard lock{mutex_};
        due_ = false;
    }
}

void checkpointer::pass() {
    if (db_ == nullptr) {
        auto opened = connection::open(options_);
        if (!opened) {
            failed_.store(true, std::memory_order_relaxed);
            return;
        }
        db_ = std::move(*opened);
    }
    if (const auto done = checkpoint(*db_)) {
        finished_.store(true, std::memory_order_relaxed);
        return;
    }
    const auto failure = db_->take_medium_failure();
    db_.reset();
    failed_.store(!failure || leaves_doubt(failure->code), std::memory_order_relaxed);
}

} // namespace breakwater::storage::sqlite

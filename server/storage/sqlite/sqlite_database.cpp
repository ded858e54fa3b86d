#include "storage/sqlite/sqlite_database.hpp"

#include "base/log.hpp"
#include "storage/sqlite/backup.hpp"
#include "storage/sqlite/compactor.hpp"
#include "storage/sqlite/disk_space.hpp"
#include "storage/sqlite/file_lock.hpp"
#include "storage/sqlite/migrations.hpp"
#include "storage/sqlite/open_reader.hpp"
#include "storage/sqlite/prepared_block.hpp"
#include "storage/sqlite/reader_pool.hpp"
#include "storage/sqlite/writer.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace breakwater::storage::sqlite {

namespace {

/// Holds the ends of the tables that are appended to, and the inner pages of the others: 6 MiB.
constexpr std::int64_t writer_cache_kib = 6 * 1024;
constexpr std::int64_t reader_cache_kib = 1024;
/// A fold reads its rows from all over the table, whatever is kept: 1 MiB.
constexpr std::int64_t compactor_cache_kib = 1024;

class sqlite_database final : public database {
public:
    sqlite_database(options chosen, std::optional<file_lock> lock)
        : options_{std::move(chosen)},
          lock_{std::move(lock)},
          readers_{
              connection::settings{options_.file, connection::access::read, reader_cache_kib, options_.vfs},
              options_.readers, shared_, follower_of(options_)} {}
    ~sqlite_database() override {
        if (writer_)
            writer_->on_due({});
        compactor_.reset(); // while the writer still works
    }
    sqlite_database(const sqlite_database&) = delete;
    sqlite_database& operator=(const sqlite_database&) = delete;

    result<void> start(std::unique_ptr<connection> db, writer_memory memory) {
        shared_.max_hot = options_.max_hot;
        shared_.hot.begin_at(memory.next_reading_id);
        if (auto learnt = learn_hot(*db, shared_.hot, 0); !learnt)
            return pass(std::move(learnt));
        writer::settings how{
            connection::settings{options_.file, connection::access::write, writer_cache_kib, options_.vfs},
            options_.max_queued_writes, options_.max_group, options_.on_recorded};
        writer_.emplace(std::move(how), std::move(db), std::move(memory), shared_);
        compactor_.emplace(
            connection::settings{options_.file, connection::access::read, compactor_cache_kib, options_.vfs},
            *writer_, shared_, options_.compacts_by_itself);
        writer_->on_due([this] { compactor_->wake(); });
        compactor_->wake(); // for what was left over the last time
        return {};
    }

    result<void> read(query work) override { return readers_.read(work); }

    result<void> write(unit_of_work work) override {
        if (writer_)
            return writer_->run(std::move(work));
        return only_for_reading();
    }

    void write_async(unit_of_work work, completion done) override {
        submit(std::move(work), std::move(done), writer::lane::ahead);
    }

    result<void> write_behind(unit_of_work work) override {
        if (writer_)
            return writer_->run(std::move(work), writer::lane::behind);
        return only_for_reading();
    }

    void write_behind_async(unit_of_work work, completion done) override {
        submit(std::move(work), std::move(done), writer::lane::behind);
    }

    std::unique_ptr<prepared_readings> prepare(std::span<const reading> readings) const override {
        return prepared_block::make(readings, shared_.believed());
    }

    result<std::size_t> compact(bool everything) override {
        if (!compactor_)
            return pass(only_for_reading());
        return compactor_->run(everything);
    }

    std::size_t write_queue_depth() const override { return writer_ ? writer_->depth() : 0; }

    std::size_t damaged_parts() const override { return shared_.damage.size(); }

    result<void> backup(const std::filesystem::path& to,
                        std::move_only_function<void(std::size_t, std::size_t)> progress) override {
        return copy_database({options_.file, connection::access::read, reader_cache_kib, options_.vfs}, to,
                             std::move(progress));
    }

    result<void> check() override {
        // A disk that failed is asked again, so that a server without traffic notices when it is well.
        if (writer_ && writer_->suspect())
            if (auto written = write([](transaction&) -> result<void> { return {}; }); !written)
                return written;
        auto answered = read([](const snapshot& stored) -> result<void> {
            auto found = stored.users().find(0);
            return found ? result<void>{} : pass(std::move(found));
        });
        if (!answered)
            return answered;
        struct statvfs disk{};
        if (::statvfs(options_.file.c_str(), &disk) != 0)
            return fail(errc::storage_unavailable, "The database's disk can't be asked how full it is.");
        if (is_nearly_full(disk, options_.min_free_bytes))
            return fail(errc::storage_full, "The server's disk is nearly full.");
        return {};
    }

private:
    void submit(unit_of_work work, completion done, writer::lane where) {
        if (writer_)
            writer_->submit(std::move(work), std::move(done), where);
        else
            done(only_for_reading());
    }

    static result<void> only_for_reading() {
        return fail(errc::bad_state, "The database is open for reading only.");
    }

    /// Beside a server: what it appended since the last look.
    std::function<result<void>(connection&)> follower_of(const options& chosen) {
        if (!chosen.read_only)
            return {};
        return [this](connection& db) -> result<void> {
            const std::lock_guard lock{following_};
            auto seen = learn_hot(db, shared_.hot, followed_through_);
            if (!seen)
                return pass(std::move(seen));
            followed_through_ = *seen;
            return {};
        };
    }

    const options options_;
    const system_clock machine_;
    shared_state shared_{options_.time == nullptr ? static_cast<const clock&>(machine_) : *options_.time};
    std::mutex following_;
    reading_id followed_through_ = 0;
    // In the order of their making; undone in reverse: the readers go first, so that the writer can tidy up,
    // and the lock last.
    std::optional<file_lock> lock_;
    std::optional<writer> writer_;
    std::optional<compactor> compactor_;
    reader_pool readers_;
};

/// The folder itself, and none above it: what lies deeper is more likely a slip of the pen.
result<void> make_folder_of(const std::filesystem::path& file) {
    const auto folder = file.parent_path();
    if (folder.empty() || ::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST)
        return {};
    return fail(errc::storage_unavailable,
                "Can't make the folder " + folder.string() + ": " + std::strerror(errno) + '.');
}

/// SQLite gives the files beside it the mode of this one.
result<void> make_file(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(errc::storage_unavailable,
                    "Can't open " + file.string() + ": " + std::strerror(errno) + '.');
    ::close(fd);
    return {};
}

/// A log that a crash left behind may hold transactions that were never synced, and that the kernel, after a
/// failed sync, will never write: nothing acknowledged from now on may rest on it. So all of it goes into the
/// database, which is synced, and the log begins anew.
result<void> settle_log(connection& db) {
    const int code =
        sqlite3_wal_checkpoint_v2(db.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if ((code & 0xff) == SQLITE_BUSY)
        return fail(errc::storage_unavailable, "Another program reads the database, which has to be set "
                                               "right after a crash first. Try again when it is done.");
    if (code != SQLITE_OK)
        return std::unexpected(db.note(code));
    return {};
}

/// A file of an earlier version can't give room back bit by bit until it was written anew once, as a whole.
/// Where that can't be done (the disk has no room for another of it), it is as it was.
void learn_to_give_back_room(connection& db) {
    bool lacks = false;
    {
        statement query = db.prepare("PRAGMA auto_vacuum");
        const auto row = query.step();
        lacks = row && *row && query.integer(0) == 0;
    }
    if (!lacks)
        return;
    log::write(log::level::info, "the database file is written anew once, so that it can shrink from now on");
    if (const auto done = db.execute_script("PRAGMA auto_vacuum = INCREMENTAL; VACUUM;"); !done) {
        (void)db.take_medium_failure();
        log::write(log::level::warning, "the database file won't shrink: it could not be written anew",
                   {{"detail", done.error().detail}});
    }
}

} // namespace

result<std::unique_ptr<database>> open(const options& chosen) {
    if (chosen.read_only) {
        if (auto fits = open_reader({chosen.file, connection::access::read, reader_cache_kib, chosen.vfs});
            !fits)
            return pass(std::move(fits));
        return std::make_unique<sqlite_database>(chosen, std::nullopt);
    }
    if (auto made = make_folder_of(chosen.file); !made)
        return pass(std::move(made));
    if (auto fits = refuse_other_files(chosen.file); !fits)
        return pass(std::move(fits));
    auto lock = file_lock::acquire(chosen.file);
    if (!lock)
        return pass(std::move(lock));
    if (auto made = make_file(chosen.file); !made)
        return pass(std::move(made));
    auto db = connection::open({chosen.file, connection::access::write, writer_cache_kib, chosen.vfs});
    if (!db)
        return pass(std::move(db));
    if (auto settled = settle_log(**db); !settled)
        return pass(std::move(settled));
    if (auto done = migrate(**db); !done)
        return pass(std::move(done));
    learn_to_give_back_room(**db);
    auto last = last_reading_id(**db);
    if (!last)
        return pass(std::move(last));
    auto opened = std::make_unique<sqlite_database>(chosen, std::move(*lock));
    if (auto started = opened->start(std::move(*db), writer_memory{.next_reading_id = *last + 1}); !started)
        return pass(std::move(started));
    return opened;
}

} // namespace breakwater::storage::sqlite

#include "storage/sqlite/sqlite_database.hpp"

#include "base/log.hpp"
#include "base/mutex.hpp"
#include "storage/engine/compactor.hpp"
#include "storage/engine/prepared_block.hpp"
#include "storage/sqlite/backup.hpp"
#include "storage/sqlite/compaction_host.hpp"
#include "storage/sqlite/disk_space.hpp"
#include "storage/sqlite/file_lock.hpp"
#include "storage/sqlite/migrations.hpp"
#include "storage/sqlite/open_reader.hpp"
#include "storage/sqlite/open_writer.hpp"
#include "storage/sqlite/reader_pool.hpp"
#include "storage/sqlite/writer.hpp"

#include <sys/statvfs.h>

#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace breakwater::storage::sqlite {

namespace {

/// 6 MiB: room for the ends of the append-only tables, and the inner pages of the others.
constexpr std::int64_t writer_cache_kib = 6 * 1024;
constexpr std::int64_t reader_cache_kib = 1024;
/// 1 MiB: a compaction reads rows from the whole table, so a larger cache doesn't help.
constexpr std::int64_t compactor_cache_kib = 1024;

class sqlite_database final : public database {
public:
    sqlite_database(options settings, std::optional<file_lock> lock)
        : options_{std::move(settings)},
          lock_{std::move(lock)},
          readers_{
              connection::settings{options_.file, connection::access::read, reader_cache_kib, options_.vfs},
              options_.readers, shared_, follow_server(options_)} {}
    ~sqlite_database() override {
        if (writer_)
            writer_->on_due({});
        compactor_.reset(); // before the writer stops
    }
    sqlite_database(const sqlite_database&) = delete;
    sqlite_database& operator=(const sqlite_database&) = delete;

    result<void> start(std::unique_ptr<connection> db, writer_memory memory) {
        shared_.max_buffered = options_.max_buffered;
        shared_.buffered.begin_at(memory.next_reading_id);
        if (auto loaded = load_buffered(*db, shared_.buffered, 0); !loaded)
            return pass(std::move(loaded));
        writer::settings writer_settings{
            connection::settings{options_.file, connection::access::write, writer_cache_kib, options_.vfs},
            options_.max_queued_writes, options_.max_group, options_.on_recorded};
        writer_.emplace(std::move(writer_settings), std::move(db), std::move(memory), shared_, feed());
        host_.emplace(
            connection::settings{options_.file, connection::access::read, compactor_cache_kib, options_.vfs},
            *writer_, shared_);
        compactor_.emplace(*host_, shared_, options_.background_compaction);
        writer_->on_due([this] { compactor_->wake(); });
        compactor_->wake(); // readings may be due since the last shutdown
        return {};
    }

    result<void> read(query work) override { return readers_.read(work); }

    result<void> write(unit_of_work work) override {
        if (writer_)
            return writer_->run(std::move(work), engine::priority::ahead);
        return engine::refuse_read_only();
    }

    void write_async(unit_of_work work, completion done) override {
        submit(std::move(work), std::move(done), engine::priority::ahead);
    }

    result<void> write_behind(unit_of_work work) override {
        if (writer_)
            return writer_->run(std::move(work), engine::priority::behind);
        return engine::refuse_read_only();
    }

    void write_behind_async(unit_of_work work, completion done) override {
        submit(std::move(work), std::move(done), engine::priority::behind);
    }

    std::unique_ptr<prepared_readings> prepare(std::span<const reading> readings) const override {
        return engine::prepared_block::make(readings, shared_.latest_plausible());
    }

    result<std::size_t> compact(bool everything) override {
        if (!compactor_)
            return engine::refuse_read_only();
        return compactor_->run(everything);
    }

    std::size_t write_queue_depth() const override { return writer_ ? writer_->depth() : 0; }

    std::size_t damaged_parts() const override { return shared_.damage.size(); }

    result<void> backup(const std::filesystem::path& target, progress report) override {
        return copy_database({options_.file, connection::access::read, reader_cache_kib, options_.vfs},
                             target, std::move(report));
    }

    result<void> check() override {
        // An empty write tests a disk that failed before, so that a server without traffic notices when the
        // disk works again.
        if (writer_ && writer_->suspect())
            if (auto written = write([](transaction&) -> result<void> { return {}; }); !written)
                return written;
        auto done = read([](const snapshot& state) -> result<void> {
            auto user = state.users().find(0);
            return user ? result<void>{} : pass(std::move(user));
        });
        if (!done)
            return done;
        struct statvfs disk{};
        if (::statvfs(options_.file.c_str(), &disk) != 0)
            return fail(errc::storage_unavailable,
                        "The free space on the database's disk can't be determined.");
        if (is_nearly_full(disk, options_.min_free_bytes))
            return fail(errc::storage_full, "The server's disk is nearly full.");
        return {};
    }

private:
    void submit(unit_of_work work, completion done, engine::priority level) {
        if (writer_)
            writer_->submit(std::move(work), std::move(done), level);
        else
            done(engine::refuse_read_only());
    }

    /// In read-only mode: returns a function that loads the readings which the server has appended since the
    /// last call.
    std::function<result<void>(connection&)> follow_server(const options& settings) {
        if (!settings.read_only)
            return {};
        return [this](connection& db) -> result<void> {
            const lock_guard lock{follow_mutex_};
            auto loaded = load_buffered(db, shared_.buffered, loaded_through_);
            if (!loaded)
                return pass(std::move(loaded));
            loaded_through_ = *loaded;
            return {};
        };
    }

    const options options_;
    const system_clock machine_;
    shared_state shared_{options_.time == nullptr ? static_cast<const clock&>(machine_) : *options_.time};
    mutex follow_mutex_;
    reading_id loaded_through_ GUARDED_BY(follow_mutex_) = 0;
    // Destroyed in reverse order: first the readers, so that the writer can empty the log, and the lock last.
    std::optional<file_lock> lock_;
    std::optional<writer> writer_;
    std::optional<compaction_host> host_;
    std::optional<engine::compactor> compactor_;
    reader_pool readers_;
};

/// A file of an earlier version can release free pages only after it has been rewritten once. If that fails
/// (the disk has no room for a second copy), the file stays as it is.
void enable_incremental_vacuum(connection& db) {
    bool disabled = false;
    {
        statement query = db.prepare("PRAGMA auto_vacuum");
        const auto row = query.step();
        disabled = row && *row && query.integer(0) == 0;
    }
    if (!disabled)
        return;
    log::write(log::level::info, "the database file is rewritten once, so that it can shrink from now on");
    if (const auto done = db.execute_script("PRAGMA auto_vacuum = INCREMENTAL; VACUUM;"); !done) {
        (void)db.take_medium_failure();
        log::write(log::level::warning, "the database file can't shrink: it could not be rewritten",
                   {{"detail", done.error().detail}});
    }
}

} // namespace

result<std::unique_ptr<database>> open(const options& settings) {
    if (settings.read_only) {
        if (auto checked =
                open_reader({settings.file, connection::access::read, reader_cache_kib, settings.vfs});
            !checked)
            return pass(std::move(checked));
        return std::make_unique<sqlite_database>(settings, std::nullopt);
    }
    auto locked = open_writer({settings.file, connection::access::write, writer_cache_kib, settings.vfs});
    if (!locked)
        return pass(std::move(locked));
    connection& db = *locked->db;
    if (auto done = migrate(db); !done)
        return pass(std::move(done));
    enable_incremental_vacuum(db);
    auto last = last_reading_id(db);
    if (!last)
        return pass(std::move(last));
    auto opened = std::make_unique<sqlite_database>(settings, std::move(locked->lock));
    if (auto started = opened->start(std::move(locked->db), writer_memory{.next_reading_id = *last + 1});
        !started)
        return pass(std::move(started));
    return opened;
}

} // namespace breakwater::storage::sqlite

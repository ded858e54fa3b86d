#include "storage/postgres/postgres_database.hpp"

#include "base/log.hpp"
#include "base/mutex.hpp"
#include "storage/engine/compactor.hpp"
#include "storage/engine/prepared_block.hpp"
#include "storage/postgres/backup.hpp"
#include "storage/postgres/change_reader.hpp"
#include "storage/postgres/compaction_host.hpp"
#include "storage/postgres/locks.hpp"
#include "storage/postgres/membership.hpp"
#include "storage/postgres/migrations.hpp"
#include "storage/postgres/ownership.hpp"
#include "storage/postgres/reader_pool.hpp"
#include "storage/postgres/writer.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace breakwater::storage::postgres {

namespace {

constexpr std::chrono::milliseconds max_blocking{2000};

connection::settings connection_settings(const options& settings) {
    return {.url = settings.url,
            .connect_timeout = settings.connect_timeout,
            .statement_timeout = settings.statement_timeout};
}

/// A writer whose process was stopped must not hold up other nodes for long.
connection::settings writer_settings(const options& settings) {
    connection::settings server = connection_settings(settings);
    server.lock_timeout = std::min(server.statement_timeout, max_blocking);
    server.idle_timeout = max_blocking;
    return server;
}

/// A connection that doesn't answer is replaced soon.
connection::settings follower_settings(const options& settings) {
    connection::settings server = connection_settings(settings);
    server.statement_timeout = std::min(server.statement_timeout, std::chrono::milliseconds{500});
    return server;
}

void warn_if_asynchronous(connection& db) {
    statement query = db.prepare("SELECT current_setting('synchronous_commit')");
    const auto row = query.step();
    if (row && *row && query.view(0) == "off")
        log::write(log::level::warning,
                   "synchronous_commit of PostgreSQL is off: a crash of the database can "
                   "lose changes that were acknowledged");
}

class postgres_database final : public database {
public:
    explicit postgres_database(options settings)
        : options_{std::move(settings)},
          readers_{connection_settings(options_), options_.readers, shared_, lanes_} {
        shared_.max_buffered = options_.max_buffered;
    }
    ~postgres_database() override {
        if (changes_)
            changes_->stop();
        membership_.reset();
        if (ownership_)
            ownership_->stop();
        if (writer_)
            writer_->on_due({});
        compactor_.reset(); // before the writer stops
        if (writer_)
            writer_->leave();
    }
    postgres_database(const postgres_database&) = delete;
    postgres_database& operator=(const postgres_database&) = delete;

    result<void> start(std::unique_ptr<connection> db, const uuid& server) {
        writer_.emplace(writer::settings{.server = writer_settings(options_),
                                         .node = options_.node,
                                         .alone = options_.alone,
                                         .max_queued = options_.max_queued_writes,
                                         .max_group = options_.max_group,
                                         .doubt_timeout = options_.doubt_timeout,
                                         .on_recorded = options_.on_recorded},
                        server, shared_, lanes_, feed());
        changes_.emplace(change_reader::settings{.server = follower_settings(options_),
                                                 .max_age = options_.max_change_age},
                         *writer_, shared_, lanes_, feed());
        if (auto begun = changes_->begin(*db); !begun)
            return begun;
        if (auto started = writer_->start(std::move(db)); !started)
            return started;
        host_.emplace(connection_settings(options_), *writer_, shared_, lanes_);
        compactor_.emplace(*host_, shared_, options_.background_compaction);
        writer_->on_due([this] { compactor_->wake(); });
        ownership_.emplace(
            ownership::settings{.server = follower_settings(options_), .max_wait = options_.max_handover},
            *writer_, shared_, lanes_, ownership_changes(), feed(), [this] { compactor_->wake(); });
        if (auto started = ownership_->start(); !started)
            return started;
        compactor_->wake(); // readings may be due since the last shutdown
        membership_.emplace(membership::settings{.server = connection_settings(options_),
                                                 .interval = options_.beat_interval,
                                                 .beats_until_dead = options_.beats_until_dead},
                            server, *writer_, *ownership_, shared_.time);
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

    result<void> follow_others() override {
        if (changes_)
            changes_->start();
        return {};
    }
    bool must_reopen() const noexcept override { return writer_ && writer_->fenced(); }
    bool is_stale() const noexcept override { return changes_ && changes_->stale(); }

    bool owns(const device_id& device) const override { return ownership_ && ownership_->owns(device); }
    void acquire(const device_id& device, acquire_handler done) override {
        if (ownership_)
            ownership_->acquire(device, std::move(done));
        else
            done(engine::refuse_read_only());
    }

    bool holds(lease work) const noexcept override { return membership_ && membership_->holds(work); }

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
        return copy_database(connection_settings(options_), target, std::move(report));
    }

    result<void> check() override {
        // An empty write connects again, so that a server without traffic notices when the database works
        // again.
        if (writer_ && writer_->suspect())
            if (auto written = write([](transaction&) -> result<void> { return {}; }); !written)
                return written;
        auto done = read([](const snapshot& state) -> result<void> {
            auto user = state.users().find(0);
            return user ? result<void>{} : pass(std::move(user));
        });
        if (!done || options_.disk_bytes == 0)
            return done;
        const auto used = used_bytes();
        if (!used)
            return std::unexpected(used.error());
        if (*used >= options_.disk_bytes || options_.disk_bytes - *used < options_.min_free_bytes)
            return fail(errc::storage_full, "The disk of the database is nearly full.");
        return {};
    }

private:
    void submit(unit_of_work work, completion done, engine::priority level) {
        if (writer_)
            writer_->submit(std::move(work), std::move(done), level);
        else
            done(engine::refuse_read_only());
    }

    /// The size of the database.
    result<std::uint64_t> used_bytes() {
        const lock_guard lock{size_mutex_};
        if (auto renewed = connection::renew(size_db_, connection_settings(options_)); !renewed)
            return pass(std::move(renewed));
        const auto size = size_db_->prepare("SELECT pg_database_size(current_database())").number();
        if (!size) {
            size_db_.reset();
            return std::unexpected(size.error());
        }
        return static_cast<std::uint64_t>(*size);
    }

    const options options_;
    const system_clock machine_;
    shared_state shared_{options_.time == nullptr ? static_cast<const clock&>(machine_) : *options_.time};
    lane_follower lanes_{shared_};
    // Destroyed in reverse order.
    std::optional<writer> writer_; ///< empty in read-only mode, as the next five
    std::optional<change_reader> changes_;
    std::optional<compaction_host> host_;
    std::optional<engine::compactor> compactor_;
    std::optional<ownership> ownership_;
    std::optional<membership> membership_;
    reader_pool readers_;
    mutex size_mutex_;
    std::unique_ptr<connection> size_db_ GUARDED_BY(size_mutex_);
};

} // namespace

result<std::unique_ptr<database>> open(const options& settings, random_source& random) {
    auto db = connection::open(writer_settings(settings));
    if (!db)
        return pass(std::move(db));
    if (settings.read_only) {
        (*db)->begin(connection::isolation::snapshot);
        auto checked = require_migrated(**db);
        (*db)->roll_back(); // there is nothing to commit
        if (!checked)
            return pass(std::move(checked));
        return std::make_unique<postgres_database>(settings);
    }
    // The schema must not change under a server that runs.
    if (auto locked = lock_for_server(**db, settings.alone); !locked)
        return pass(std::move(locked));
    if (auto done = migrate(**db); !done)
        return pass(std::move(done));
    warn_if_asynchronous(**db);
    auto opened = std::make_unique<postgres_database>(settings);
    if (auto started = opened->start(std::move(*db), uuid::random(random)); !started)
        return pass(std::move(started));
    return opened;
}

result<void> restore_backup(const options& target, const std::filesystem::path& backup) {
    return restore(connection_settings(target), backup);
}

} // namespace breakwater::storage::postgres

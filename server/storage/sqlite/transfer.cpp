#include "storage/sqlite/transfer.hpp"

#include "storage/sqlite/file_lock.hpp"
#include "storage/sqlite/migrations.hpp"
#include "storage/sqlite/open_reader.hpp"
#include "storage/sqlite/open_writer.hpp"
#include "storage/sqlite/series_tables.hpp"
#include "storage/transfer/stored_row.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace breakwater::storage::sqlite {

namespace {

using transfer::column;
using transfer::column_type;
using transfer::counter;
using transfer::row;
using transfer::table;
using transfer::value;

constexpr std::int64_t cache_kib = 16 * 1024;
constexpr std::size_t cursor_rows = 256;
constexpr std::size_t cursor_bytes = std::size_t{1} << 20;
/// The log is moved into the database when it has this many frames (of 4 KiB): 64 MiB.
constexpr int checkpoint_step = 16'000;

/// What a SELECT of the table reads from.
std::string source_of(const table& of) {
    if (of.name == transfer::blocks_table)
        return "block_entries CROSS JOIN blocks ON blocks.key = block_entries.block";
    if (of.name == transfer::buffered_table)
        return "write_buffer WHERE id > ifnull((SELECT through FROM compactions"
               " WHERE compactions.device = write_buffer.device), 0)";
    return std::string{of.name};
}

std::string column_name(const table& of, const column& one) {
    if (of.name == "devices" && one.name == "first_reading_at")
        return "\"first_heard_at\"";
    if (of.name == "message_ids" && one.name == "stored_at")
        return "\"noted_at\"";
    return fmt::format("\"{}\"", one.name);
}

/// The names of the columns, separated by commas.
std::string column_names(const table& of, std::span<const column> columns) {
    std::string out;
    for (const column& next : columns)
        out += (out.empty() ? "" : ", ") + column_name(of, next);
    return out;
}

/// `?1, ?2, …`
std::string parameters(std::size_t count) {
    std::string out;
    for (std::size_t i = 1; i <= count; ++i)
        out += fmt::format("{}?{}", i == 1 ? "" : ", ", i);
    return out;
}

void bind(statement& to, int at, const table& of, const column& one, const value& bound) {
    if (const auto* number = std::get_if<std::int64_t>(&bound))
        to.bind_one(at, *number);
    else if (const auto* fraction = std::get_if<double>(&bound))
        to.bind_one(at, *fraction);
    else if (const auto* content = std::get_if<std::string>(&bound)) {
        if (one.type == column_type::text || of.name == transfer::buffered_table)
            to.bind_one(at, *content);
        else
            to.bind_one(at, blob{*content});
    } else {
        to.bind_one(at, std::optional<std::int64_t>{});
    }
}

std::string bytes_of(const statement& from, int at) {
    return std::string{from.blob_view(at)};
}

class cursor final : public transfer::row_cursor {
public:
    cursor(connection& db, const table& of, const row& after)
        : table_{of}, after_{after}, rows_{db.prepare_once(query_of(of, after))} {
        for (std::size_t i = 0; i < after_.size(); ++i)
            bind(rows_, static_cast<int>(i) + 1, of, of.columns[i], after_[i]);
    }

    result<std::vector<row>> next() override {
        std::vector<row> out;
        for (std::size_t bytes = 0; !ended_ && out.size() < cursor_rows && bytes < cursor_bytes;) {
            const auto any = rows_.step();
            if (!any)
                return std::unexpected(any.error());
            ended_ = !*any;
            if (ended_)
                break;
            row values = transfer::read_row(rows_, table_, bytes_of);
            bytes += transfer::size_of(values);
            out.push_back(std::move(values));
        }
        return out;
    }

private:
    static std::string query_of(const table& of, const row& after) {
        const std::string key = column_names(of, of.key());
        std::string sql = fmt::format("SELECT {} FROM {}", column_names(of, of.columns), source_of(of));
        if (!after.empty())
            sql += fmt::format(" {} ({}) > ({})", of.name == transfer::buffered_table ? "AND" : "WHERE", key,
                               parameters(of.key_columns));
        return sql + " ORDER BY " + key;
    }

    const table& table_;
    const row after_; ///< bound to the statement
    statement rows_;
    bool ended_ = false;
};

result<std::int64_t> number_of(connection& db, const std::string& sql) {
    statement query = db.prepare_once(sql);
    const auto any = query.step();
    if (!any)
        return std::unexpected(any.error());
    return *any ? query.integer(0) : 0;
}

/// The part that source and target have in common.
template <class Port>
class tables : public Port {
public:
    tables(file_lock lock, std::unique_ptr<connection> db) : lock_{std::move(lock)}, db_{std::move(db)} {}

    result<std::int64_t> count(const table& of) override {
        return number_of(*db_, "SELECT count(*) FROM " + source_of(of));
    }

    result<std::unique_ptr<transfer::row_cursor>> rows(const table& of, const row& after) override {
        return std::make_unique<cursor>(*db_, of, after);
    }

    result<std::vector<counter>> counters() override {
        std::vector<counter> out;
        for (const table& next : transfer::portable_tables()) {
            if (!next.assigns_ids)
                continue;
            const auto last =
                number_of(*db_, fmt::format("SELECT seq FROM sqlite_sequence WHERE name = '{}'", next.name));
            if (!last)
                return std::unexpected(last.error());
            out.push_back({std::string{next.name}, *last});
        }
        const auto last = last_reading_id(*db_);
        if (!last)
            return std::unexpected(last.error());
        const auto expired = number_of(*db_, "SELECT value FROM counters WHERE name = 'expired_events'");
        if (!expired)
            return std::unexpected(expired.error());
        out.push_back({std::string{transfer::reading_counter}, *last});
        out.push_back({std::string{transfer::expired_counter}, *expired});
        return out;
    }

    result<std::int64_t> count_unreadable() override { return 0; }

protected:
    [[nodiscard]] connection& db() noexcept { return *db_; }

private:
    file_lock lock_;
    std::unique_ptr<connection> db_;
};

class target final : public tables<transfer::transfer_target> {
public:
    using tables::tables;

    result<std::optional<transfer::transfer_state>> state() override {
        const auto incomplete = has_incomplete_transfer(db());
        if (!incomplete)
            return std::unexpected(incomplete.error());
        if (!*incomplete)
            return std::nullopt;
        statement query = db().prepare(transfer::select_state);
        return query.first([](const statement& stored) { return transfer::read_state(stored, bytes_of); });
    }

    result<void> begin(const transfer::transfer_state& first) override {
        return in_transaction([&]() -> result<void> {
            for (const table& next : transfer::portable_tables())
                if (next.has_first_rows)
                    if (auto emptied = db().execute_script(fmt::format("DELETE FROM {}", next.name).c_str());
                        !emptied)
                        return emptied;
            auto created = db().execute_script(
                "CREATE TABLE incomplete_transfer (source TEXT NOT NULL, fingerprint TEXT NOT NULL,"
                " part TEXT NOT NULL, last_key BLOB NOT NULL, rows INTEGER NOT NULL) STRICT");
            if (!created)
                return created;
            return db().run("INSERT INTO incomplete_transfer VALUES (?1, ?2, ?3, ?4, ?5)", first.source,
                            first.fingerprint, first.table, blob{first.last_key}, first.rows);
        });
    }

    result<void> append(const table& to, std::span<const row> rows,
                        const transfer::transfer_state& reached) override {
        auto done = in_transaction([&]() -> result<void> {
            auto inserted = to.name == transfer::blocks_table ? insert_blocks(to, rows) : insert(to, rows);
            if (!inserted)
                return inserted;
            return db().run("UPDATE incomplete_transfer SET part = ?1, last_key = ?2, rows = ?3",
                            reached.table, blob{reached.last_key}, reached.rows);
        });
        if (done && db().wal_frames() >= checkpoint_step)
            return empty_log();
        return done;
    }

    result<void> raise(std::span<const counter> counters) override {
        return in_transaction([&]() -> result<void> {
            for (const counter& next : counters)
                if (auto raised = raise(next); !raised)
                    return raised;
            return {};
        });
    }

    result<void> finish() override {
        auto done = in_transaction([&] { return db().execute_script("DROP TABLE incomplete_transfer"); });
        if (!done)
            return done;
        sqlite3_db_config(db().handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr); // removes the log
        return empty_log();
    }

    [[nodiscard]] bool stores_nul(const table& /*in*/) const override { return true; }

private:
    template <class Work>
    result<void> in_transaction(Work work) {
        if (auto begun = db().run("BEGIN IMMEDIATE"); !begun)
            return begun;
        auto done = work();
        if (done)
            done = db().run("COMMIT");
        if (!done && db().in_transaction())
            (void)db().run("ROLLBACK");
        return done;
    }

    /// Moves the log into the database.
    result<void> empty_log() {
        const int code =
            sqlite3_wal_checkpoint_v2(db().handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
        return code == SQLITE_OK ? result<void>{} : std::unexpected(db().record_failure(code));
    }

    result<void> insert(const table& to, std::span<const row> rows) {
        statement insertion = db().prepare_once(fmt::format(
            "INSERT INTO {} ({}) VALUES ({})", to.name == transfer::buffered_table ? "write_buffer" : to.name,
            column_names(to, to.columns), parameters(to.columns.size())));
        for (const row& values : rows) {
            for (std::size_t i = 0; i < values.size(); ++i)
                bind(insertion, static_cast<int>(i) + 1, to, to.columns[i], values[i]);
            if (auto done = insertion.run(); !done)
                return done;
            insertion.reset();
        }
        return {};
    }

    /// The bytes of a block are the last column, and have a table of their own.
    result<void> insert_blocks(const table& to, std::span<const row> rows) {
        const auto described = to.columns.first(to.columns.size() - 1);
        statement content = db().prepare("INSERT INTO blocks (bytes) VALUES (?1)");
        statement entry =
            db().prepare_once(fmt::format("INSERT INTO block_entries ({}, block) VALUES ({})",
                                          column_names(to, described), parameters(to.columns.size())));
        const int last = static_cast<int>(to.columns.size());
        for (const row& values : rows) {
            bind(content, 1, to, to.columns.back(), values.back());
            if (auto done = content.run(); !done)
                return done;
            content.reset();
            for (std::size_t i = 0; i < described.size(); ++i)
                bind(entry, static_cast<int>(i) + 1, to, described[i], values[i]);
            entry.bind_one(last, db().last_insert_id());
            if (auto done = entry.run(); !done)
                return done;
            entry.reset();
        }
        return {};
    }

    result<void> raise(const counter& to) {
        if (to.name == transfer::reading_counter)
            return db().run("UPDATE counters SET value = max(value, ?1) WHERE name = 'last_reading_id'",
                            to.value);
        if (to.name == transfer::expired_counter)
            return db().run("INSERT INTO counters VALUES ('expired_events', ?1)"
                            " ON CONFLICT (name) DO UPDATE SET value = max(value, ?1)",
                            to.value);
        // The table has no key.
        if (auto raised =
                db().run("UPDATE sqlite_sequence SET seq = max(seq, ?2) WHERE name = ?1", to.name, to.value);
            !raised)
            return raised;
        return db().run("INSERT INTO sqlite_sequence (name, seq) SELECT ?1, ?2"
                        " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = ?1)",
                        to.name, to.value);
    }
};

} // namespace

result<std::unique_ptr<transfer::table_reader>> open_transfer_source(const std::filesystem::path& file) {
    const connection::settings options{file, connection::access::read, cache_kib, {}};
    if (auto checked = open_reader(options); !checked) // before it creates a lock beside another file
        return pass(std::move(checked));
    auto lock = file_lock::acquire(file);
    if (!lock)
        return pass(std::move(lock));
    auto db = open_reader(options);
    if (!db)
        return pass(std::move(db));
    return std::make_unique<tables<transfer::table_reader>>(std::move(*lock), std::move(*db));
}

result<std::unique_ptr<transfer::transfer_target>> open_transfer_target(const std::filesystem::path& file) {
    auto locked = open_writer({file, connection::access::write, cache_kib, {}});
    if (!locked)
        return pass(std::move(locked));
    connection& db = *locked->db;
    const auto incomplete = has_incomplete_transfer(db);
    if (!incomplete)
        return std::unexpected(incomplete.error());
    if (auto ready = *incomplete ? require_schema(db) : migrate(db); !ready)
        return pass(std::move(ready));
    return std::make_unique<target>(std::move(locked->lock), std::move(locked->db));
}

} // namespace breakwater::storage::sqlite

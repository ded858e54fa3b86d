#include "storage/postgres/transfer.hpp"

#include "base/folded_text.hpp"
#include "storage/postgres/locks.hpp"
#include "storage/postgres/migrations.hpp"
#include "storage/postgres/series_tables.hpp"
#include "storage/transfer/stored_row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>

namespace breakwater::storage::postgres {

namespace {

using transfer::column;
using transfer::column_type;
using transfer::counter;
using transfer::row;
using transfer::table;
using transfer::value;

/// Rows that a cursor fetches at once.
constexpr int small_rows_per_fetch = 256;
constexpr int large_rows_per_fetch = 32;
/// A piece of a copy.
constexpr std::size_t piece_bytes = std::size_t{256} << 10;
/// The lane of the readings that were not in blocks.
constexpr std::int64_t transfer_lane = 1;
/// Tables whose key begins with the bucket of a device.
constexpr std::array<std::string_view, 5> divided_tables{"compactions", transfer::blocks_table, "rollups",
                                                         "latest", "message_ids"};

bool is_divided(const table& one) {
    return std::ranges::find(divided_tables, one.name) != divided_tables.end();
}

/// The names of the columns, separated by commas.
std::string column_names(std::span<const column> columns) {
    std::string out;
    for (const column& next : columns)
        out += fmt::format("{}\"{}\"", out.empty() ? "" : ", ", next.name);
    return out;
}

timestamp time_of(std::int64_t micros_since_1970) noexcept {
    return timestamp{timestamp::duration{micros_since_1970}};
}

result<std::int64_t> number_of(connection& db, std::string sql) {
    return db.prepare_once(std::move(sql)).number();
}

/// A cursor of the database, in a transaction of its own.
class snapshot_cursor {
public:
    explicit snapshot_cursor(connection& db) : db_{db} { db_.begin(connection::isolation::snapshot); }
    ~snapshot_cursor() { db_.roll_back(); } // there is nothing to commit
    snapshot_cursor(const snapshot_cursor&) = delete;
    snapshot_cursor& operator=(const snapshot_cursor&) = delete;

    /// `after`: the parameters of the query, values of these columns.
    result<void> open(const std::string& query, std::span<const column> key, const row& after) {
        statement declared = db_.prepare_once("DECLARE rows NO SCROLL CURSOR FOR " + query);
        for (std::size_t i = 0; i < after.size(); ++i) {
            const int at = static_cast<int>(i) + 1;
            if (const auto* number = std::get_if<std::int64_t>(&after[i])) {
                if (key[i].type == column_type::boolean)
                    declared.bind_one(at, *number != 0);
                else
                    declared.bind_one(at, *number);
            } else if (const auto* content = std::get_if<std::string>(&after[i])) {
                if (key[i].type == column_type::text)
                    declared.bind_one(at, *content);
                else
                    declared.bind_one(at, blob{*content});
            }
        }
        auto done = declared.run();
        return done ? result<void>{} : pass(std::move(done));
    }
    [[nodiscard]] statement fetch(int rows) {
        return db_.prepare_once(fmt::format("FETCH FORWARD {} FROM rows", rows));
    }

private:
    connection& db_;
};

std::string bytes_of(const statement& from, int at) {
    return from.text(at);
}

class table_cursor final : public transfer::row_cursor {
public:
    table_cursor(connection& db, const table& of) : table_{of}, rows_{db} {}

    result<void> open(const row& after) {
        const std::string key = column_names(table_.key());
        std::string sql = fmt::format("SELECT {} FROM {}", column_names(table_.columns), table_.name);
        if (!after.empty()) {
            sql += fmt::format(" WHERE ({}) > (", key);
            for (std::size_t i = 1; i <= table_.key_columns; ++i)
                sql += fmt::format("{}${}", i == 1 ? "" : ", ", i);
            sql += ')';
        }
        return rows_.open(sql + " ORDER BY " + key, table_.key(), after);
    }

    result<std::vector<row>> next() override {
        const bool is_large =
            std::ranges::any_of(table_.columns, [](const column& one) { return one.name == "bytes"; });
        return rows_.fetch(is_large ? large_rows_per_fetch : small_rows_per_fetch)
            .rows([this](const statement& from) { return transfer::read_row(from, table_, bytes_of); });
    }

private:
    const table& table_;
    snapshot_cursor rows_;
};

/// The readings in chunks that are not in blocks. Leaves damaged chunks out.
class buffer_cursor final : public transfer::row_cursor {
public:
    buffer_cursor(connection& db, reading_id after) : after_{after}, rows_{db}, db_{db} {}

    result<void> open(const table& of) {
        auto compacted =
            rows_.open("SELECT first_id, heads, body FROM chunks WHERE last_id > $1 ORDER BY first_id",
                       of.key(), {after_});
        if (!compacted)
            return compacted;
        return db_.prepare("SELECT device, through FROM compactions")
            .for_each([this](const statement& from) -> result<void> {
                compacted_.emplace(from.integer(0), from.integer(1));
                return {};
            });
    }

    result<std::vector<row>> next() override {
        std::vector<row> out;
        while (out.empty()) {
            statement stored = rows_.fetch(1);
            const auto any = stored.step();
            if (!any)
                return std::unexpected(any.error());
            if (!*any)
                return out;
            const auto opened = chunk::open(stored.view(1), stored.view(2));
            if (!opened)
                continue;
            for (const chunk_head& head : opened->heads())
                if (is_buffered(head))
                    if (auto found = opened->find(head.entry.id()))
                        out.push_back(row_of(head.device, std::move(*found)));
        }
        return out;
    }

private:
    [[nodiscard]] bool is_buffered(const chunk_head& head) const {
        const auto through = compacted_.find(head.device);
        return head.entry.id() > after_ && (through == compacted_.end() || head.entry.id() > through->second);
    }
    static row row_of(device_key device, reading from) {
        row values{from.id,
                   device,
                   std::int64_t{from.simulated},
                   micros(from.received_at),
                   {},
                   std::move(from.payload)};
        if (from.device_timestamp)
            values[4] = micros(*from.device_timestamp);
        return values;
    }
    static std::int64_t micros(timestamp at) noexcept { return at.time_since_epoch().count(); }

    const reading_id after_;
    snapshot_cursor rows_;
    connection& db_;
    std::unordered_map<device_key, reading_id> compacted_;
};

/// The part that source and target have in common.
template <class Port>
class tables : public Port {
public:
    explicit tables(std::unique_ptr<connection> db) : db_{std::move(db)} {}

    result<std::int64_t> count(const table& of) override {
        if (of.name != transfer::buffered_table)
            return number_of(*db_, fmt::format("SELECT count(*) FROM {}", of.name));
        const auto all = rows(of, {});
        if (!all)
            return std::unexpected(all.error());
        for (std::int64_t count = 0;;) {
            const auto some = (*all)->next();
            if (!some)
                return std::unexpected(some.error());
            if (some->empty())
                return count;
            count += std::ssize(*some);
        }
    }

    result<std::unique_ptr<transfer::row_cursor>> rows(const table& of, const row& after) override {
        if (of.name == transfer::buffered_table) {
            auto cursor = std::make_unique<buffer_cursor>(
                *db_, after.empty() ? reading_id{0} : std::get<std::int64_t>(after.front()));
            if (auto opened = cursor->open(of); !opened)
                return pass(std::move(opened));
            return cursor;
        }
        auto cursor = std::make_unique<table_cursor>(*db_, of);
        if (auto opened = cursor->open(after); !opened)
            return pass(std::move(opened));
        return cursor;
    }

    result<std::vector<counter>> counters() override {
        std::vector<std::pair<std::string_view, std::string>> queries;
        for (const table& next : transfer::portable_tables())
            if (next.assigns_ids)
                queries.emplace_back(next.name,
                                     "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM " +
                                         sequence_of(next));
        // All ids of a run that was handed out may have been assigned.
        queries.emplace_back(transfer::reading_counter,
                             fmt::format("SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END"
                                         " * {} FROM reading_id_runs",
                                         ids_per_run));
        queries.emplace_back(transfer::expired_counter, "SELECT count FROM expired_events");
        std::vector<counter> out;
        for (auto& [name, sql] : queries) {
            const auto number = number_of(*db_, std::move(sql));
            if (!number)
                return std::unexpected(number.error());
            out.push_back({std::string{name}, *number});
        }
        return out;
    }

    result<std::int64_t> count_unreadable() override {
        auto count = number_of(*db_, "SELECT coalesce(sum(count), 0)::bigint FROM damaged_chunks");
        if (!count)
            return count;
        snapshot_cursor chunks{*db_};
        auto opened = chunks.open("SELECT count, heads, body FROM chunks ORDER BY first_id", {}, {});
        if (!opened)
            return pass(std::move(opened));
        for (;;) {
            statement stored = chunks.fetch(1);
            const auto any = stored.step();
            if (!any)
                return std::unexpected(any.error());
            if (!*any)
                return count;
            if (!chunk::open(stored.view(1), stored.view(2)))
                *count += stored.integer(0);
        }
    }

protected:
    [[nodiscard]] connection& db() noexcept { return *db_; }
    static std::string sequence_of(const table& of) {
        return fmt::format("{}_{}_seq", of.name, of.columns.front().name);
    }

private:
    std::unique_ptr<connection> db_; ///< holds the lock
};

/// Rows in the binary format of COPY.
class copied_rows {
public:
    copied_rows() : bytes_{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19} {}

    void begin_row(std::size_t fields) { add_number(static_cast<std::int64_t>(fields), 2); }
    /// `type`: that of the column in the database.
    result<void> add(const value& field, std::int64_t type) {
        if (const auto* number = std::get_if<std::int64_t>(&field)) {
            const int size = size_of_integer(type);
            if (size == 0)
                return fail(errc::internal, "A column of the database has an unexpected type.");
            add_number(size, 4);
            add_number(*number, size);
        } else if (const auto* fraction = std::get_if<double>(&field)) {
            add_number(8, 4);
            add_number(std::bit_cast<std::int64_t>(*fraction), 8);
        } else if (const auto* content = std::get_if<std::string>(&field)) {
            add_number(std::ssize(*content), 4);
            bytes_ += *content;
        } else {
            add_number(-1, 4);
        }
        return {};
    }
    void end() { add_number(-1, 2); }
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.size(); }
    [[nodiscard]] std::string take() { return std::exchange(bytes_, {}); }

private:
    static int size_of_integer(std::int64_t type) noexcept {
        switch (type) {
        case 16: return 1; // boolean
        case 21: return 2; // smallint
        case 23: return 4; // integer
        case 20: return 8; // bigint
        default: return 0;
        }
    }
    void add_number(std::int64_t number, int size) {
        for (int shift = (size - 1) * 8; shift >= 0; shift -= 8)
            bytes_ += static_cast<char>(static_cast<std::uint64_t>(number) >> shift & 0xff);
    }

    std::string bytes_;
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
        return db().prepare(transfer::select_state).first([](const statement& stored) {
            return transfer::read_state(stored, bytes_of);
        });
    }

    result<void> begin(const transfer::transfer_state& first) override {
        return in_transaction([&]() -> result<void> {
            for (const table& next : transfer::portable_tables())
                if (next.has_first_rows)
                    if (auto emptied = db().execute_script(fmt::format("DELETE FROM {}", next.name));
                        !emptied)
                        return emptied;
            auto created = db().execute_script("CREATE TABLE incomplete_transfer (source text NOT NULL,"
                                               " fingerprint text NOT NULL, part text NOT NULL,"
                                               " last_key bytea NOT NULL, rows bigint NOT NULL)");
            if (!created)
                return created;
            return db().run_later("INSERT INTO incomplete_transfer VALUES ($1, $2, $3, $4, $5)", first.source,
                                  first.fingerprint, first.table, blob{first.last_key}, first.rows);
        });
    }

    result<void> append(const table& to, std::span<const row> rows,
                        const transfer::transfer_state& reached) override {
        return in_transaction([&]() -> result<void> {
            auto added = to.name == transfer::buffered_table ? append_readings(rows) : copy(to, rows);
            if (!added)
                return added;
            return db().run_later("UPDATE incomplete_transfer SET part = $1, last_key = $2, rows = $3",
                                  reached.table, blob{reached.last_key}, reached.rows);
        });
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
        // Without statistics, the first queries would take long.
        if (auto analyzed = db().execute_script("ANALYZE"); !analyzed)
            return analyzed;
        return in_transaction([&] { return db().execute_script("DROP TABLE incomplete_transfer"); });
    }

    /// Payloads of readings are compressed bytes.
    [[nodiscard]] bool stores_nul(const table& in) const override {
        return in.name == transfer::buffered_table;
    }

private:
    template <class Work>
    result<void> in_transaction(Work work) {
        db().begin(connection::isolation::write);
        if (auto done = work(); !done) {
            db().roll_back();
            return done;
        }
        switch (db().commit()) {
        case connection::commit_outcome::committed: return {};
        case connection::commit_outcome::not_replicated:
            return fail(errc::storage_unavailable, "No standby database confirmed the last rows.");
        case connection::commit_outcome::rolled_back:
        case connection::commit_outcome::unknown: break;
        }
        error cause = db().failure() ? db().failure()->error
                                     : error{.code = errc::storage_unavailable,
                                             .detail = "The last rows could not be committed."};
        db().roll_back();
        return std::unexpected(std::move(cause));
    }

    /// The types of the table's columns, by name.
    result<std::map<std::string, std::int64_t, std::less<>>> types_of(const table& of) {
        const auto listed =
            db().prepare("SELECT attname::text, atttypid::bigint FROM pg_attribute"
                         " WHERE attrelid = to_regclass($1)")
                .bind(of.name)
                .rows([](const statement& from) { return std::pair{from.text(0), from.integer(1)}; });
        if (!listed)
            return std::unexpected(listed.error());
        return std::map<std::string, std::int64_t, std::less<>>{listed->begin(), listed->end()};
    }

    result<void> copy(const table& to, std::span<const row> rows) {
        const auto types = types_of(to);
        if (!types)
            return std::unexpected(types.error());
        const bool divided = is_divided(to);
        const bool has_names = to.name == "devices";
        std::vector<std::int64_t> type_of_column;
        for (const column& next : to.columns) {
            const auto type = types->find(next.name);
            type_of_column.push_back(type == types->end() ? 0 : type->second);
        }
        const auto name_at = static_cast<std::size_t>(
            std::ranges::find(to.columns, std::string_view{"name"}, &column::name) - to.columns.begin());
        copied_rows out;
        std::size_t next = 0;
        const auto add_row = [&](const row& values) -> result<void> {
            out.begin_row(values.size() + (divided ? 1 : 0) + (has_names ? 1 : 0));
            for (std::size_t i = 0; i < values.size(); ++i)
                if (auto added = out.add(values[i], type_of_column[i]); !added)
                    return added;
            if (divided)
                if (auto added = out.add(bucket_of(std::get<std::int64_t>(values.front())), 21); !added)
                    return added;
            return has_names ? out.add(folded(std::get<std::string>(values[name_at])), 25) : result<void>{};
        };
        return db().copy_in(fmt::format("COPY {} ({}{}{}) FROM STDIN (FORMAT binary)", to.name,
                                        column_names(to.columns), divided ? ", bucket" : "",
                                        has_names ? ", folded_name" : ""),
                            [&]() -> result<std::string> {
                                if (next > rows.size())
                                    return std::string{};
                                while (next < rows.size() && out.size() < piece_bytes)
                                    if (auto added = add_row(rows[next++]); !added)
                                        return pass(std::move(added));
                                if (next == rows.size() && out.size() < piece_bytes) {
                                    out.end();
                                    ++next;
                                }
                                return out.take();
                            });
    }

    /// The chunks of the transfer have the epoch 0, which no server has.
    result<void> append_readings(std::span<const row> rows) {
        auto seq = number_of(
            db(), fmt::format("SELECT coalesce(max(seq), 0) FROM chunks WHERE lane = {}", transfer_lane));
        if (!seq)
            return pass(std::move(seq));
        std::vector<device_key> devices;
        chunk_builder readings;
        for (const row& values : rows) {
            reading next{.id = std::get<std::int64_t>(values[0]),
                         .device_id = {},
                         .received_at = time_of(std::get<std::int64_t>(values[3])),
                         .payload = std::get<std::string>(values[5]),
                         .simulated = std::get<std::int64_t>(values[2]) != 0};
            if (const auto* at = std::get_if<std::int64_t>(&values[4]))
                next.device_timestamp = time_of(*at);
            readings.add(std::get<std::int64_t>(values[1]), next);
            devices.push_back(std::get<std::int64_t>(values[1]));
        }
        lane_end end{.lane = transfer_lane, .seq = *seq};
        if (auto inserted = insert_chunks(db(), readings, end); !inserted)
            return inserted;
        // The first node takes them over, and compacts their readings.
        if (auto released = db().run_later("INSERT INTO device_owners SELECT key & 255, key, 0 FROM devices"
                                           " WHERE key = ANY ($1) ON CONFLICT DO NOTHING",
                                           std::span<const device_key>{devices});
            !released)
            return released;
        return db().run_later("INSERT INTO lanes AS l VALUES ($1, $2, 0, $3, $4) ON CONFLICT (lane) DO UPDATE"
                              " SET seq = greatest(l.seq, excluded.seq),"
                              " last_id = greatest(l.last_id, excluded.last_id)",
                              transfer_lane, uuid{}, end.seq, readings.heads().back().entry.id());
    }

    result<void> raise(const counter& to) {
        if (to.name == transfer::expired_counter)
            return db().run_later("UPDATE expired_events SET count = greatest(count, $1)", to.value);
        if (to.name == transfer::reading_counter) {
            auto raised = db().run("SELECT setval('reading_id_runs', greatest($1, CASE WHEN is_called"
                                   " THEN last_value + 1 ELSE last_value END), false) FROM reading_id_runs",
                                   to.value / ids_per_run + (to.value % ids_per_run == 0 ? 0 : 1));
            return raised ? result<void>{} : pass(std::move(raised));
        }
        if (to.value == 0)
            return {};
        const auto numbered = std::ranges::find(transfer::portable_tables(), to.name, &table::name);
        const std::string sequence = sequence_of(*numbered);
        auto raised = number_of(db(), fmt::format("SELECT setval('{}', greatest({}, last_value)) FROM {}",
                                                  sequence, to.value, sequence));
        return raised ? result<void>{} : pass(std::move(raised));
    }
};

result<std::unique_ptr<connection>> connect(const options& settings) {
    return connection::open({.url = settings.url,
                             .connect_timeout = settings.connect_timeout,
                             .statement_timeout = settings.statement_timeout,
                             .copies = true});
}

} // namespace

result<std::unique_ptr<transfer::table_reader>> open_transfer_source(const options& settings) {
    auto db = connect(settings);
    if (!db)
        return pass(std::move(db));
    if (auto locked = lock_for_server(**db, true); !locked)
        return pass(std::move(locked));
    if (auto checked = require_migrated(**db); !checked)
        return pass(std::move(checked));
    return std::make_unique<tables<transfer::table_reader>>(std::move(*db));
}

result<std::unique_ptr<transfer::transfer_target>> open_transfer_target(const options& settings) {
    auto db = connect(settings);
    if (!db)
        return pass(std::move(db));
    if (auto locked = lock_for_server(**db, true); !locked)
        return pass(std::move(locked));
    const auto other_encoding = number_of(
        **db, "SELECT count(*) FROM pg_settings WHERE name = 'server_encoding' AND setting <> 'UTF8'");
    if (!other_encoding)
        return std::unexpected(other_encoding.error());
    if (*other_encoding != 0)
        return fail(errc::invalid_input, "The database must have the encoding UTF8.");
    const auto incomplete = has_incomplete_transfer(**db);
    if (!incomplete)
        return std::unexpected(incomplete.error());
    if (auto ready = *incomplete ? require_schema(**db) : migrate(**db); !ready)
        return pass(std::move(ready));
    return std::make_unique<target>(std::move(*db));
}

} // namespace breakwater::storage::postgres

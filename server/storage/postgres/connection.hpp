#pragma once

#include "base/cancellation.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

struct pg_conn;
struct pg_result;

namespace breakwater::storage::postgres {

class connection;

/// Bytes to bind as `bytea`. They must outlive the execution of the statement.
struct blob {
    std::string_view bytes;
};

/// PostgreSQL's numbers of the types that parameters have.
enum class value_type : std::uint32_t {
    boolean = 16,
    bytea = 17,
    int8 = 20,
    text = 25,
    float8 = 701,
    int8_array = 1016,
    uuid = 2950,
    uuid_array = 2951,
};

/// The type of the parameter that a C++ value becomes. All integers are `int8`.
template <class Value>
consteval value_type type_of() {
    if constexpr (std::is_same_v<Value, bool>)
        return value_type::boolean;
    else if constexpr (std::is_integral_v<Value> || std::is_same_v<Value, timestamp>)
        return value_type::int8;
    else if constexpr (std::is_floating_point_v<Value>)
        return value_type::float8;
    else if constexpr (std::is_same_v<Value, uuid>)
        return value_type::uuid;
    else if constexpr (std::is_convertible_v<Value, std::string_view>)
        return value_type::text;
    else
        return value_type::bytea;
}

/// A statement with its parameters and rows. It runs at the first `step`, which also returns errors of
/// preparing, so that a query reads as prepare, bind, step. Parameters and columns travel in binary.
class statement {
public:
    statement(statement&&) noexcept = default;
    statement& operator=(statement&&) = delete;
    ~statement() = default;

    /// Binds the values to the parameters $1, $2, … in order. Texts and blobs are not copied: they must
    /// outlive the execution.
    template <class... Values>
    statement& bind(const Values&... values) {
        int at = 0;
        (bind_one(++at, values), ...);
        return *this;
    }
    void bind_one(int at, std::int64_t value);
    void bind_one(int at, int value) { bind_one(at, std::int64_t{value}); }
    void bind_one(int at, bool value);
    void bind_one(int at, double value);
    void bind_one(int at, std::string_view value) { bind_bytes(at, value_type::text, value); }
    void bind_one(int at, const std::string& value) { bind_one(at, std::string_view{value}); }
    void bind_one(int at, timestamp value) { bind_one(at, std::int64_t{value.time_since_epoch().count()}); }
    void bind_one(int at, const uuid& value) { bind_fixed(at, value_type::uuid, value.bytes); }
    void bind_one(int at, blob value) { bind_bytes(at, value_type::bytea, value.bytes); }
    template <std::size_t N>
    void bind_one(int at, const std::array<std::uint8_t, N>& value) {
        bind_fixed(at, value_type::bytea, value);
    }
    void bind_one(int at, std::span<const std::int64_t> values);
    void bind_one(int at, std::span<const uuid> values);
    template <class Value>
    void bind_one(int at, const std::optional<Value>& value) {
        if (value)
            bind_one(at, *value);
        else
            bind_null(at, type_of<Value>());
    }

    /// True: there is a row to read. False: there are no more rows.
    result<bool> step();
    /// What `read` returns for the first row; empty if there is no row.
    template <class Read>
    auto first(Read read) -> result<std::optional<std::invoke_result_t<Read&, const statement&>>> {
        const auto row = step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return std::nullopt;
        return read(std::as_const(*this));
    }
    /// What `read` returns for each of the remaining rows.
    template <class Read>
    auto rows(Read read) {
        using row_type = std::invoke_result_t<Read&, const statement&>;
        return checked_rows([&read](const statement& row) -> result<row_type> { return read(row); });
    }
    /// The same for a `read` that returns a result and can fail. Returns the first failure.
    template <class Read>
    auto checked_rows(Read read)
        -> result<std::vector<typename std::invoke_result_t<Read&, const statement&>::value_type>> {
        std::vector<typename std::invoke_result_t<Read&, const statement&>::value_type> out;
        auto done = for_each([&](const statement& row) -> result<void> {
            auto converted = read(row);
            if (!converted)
                return pass(std::move(converted));
            out.push_back(std::move(*converted));
            return {};
        });
        if (!done)
            return pass(std::move(done));
        return out;
    }
    /// Calls `visit`, which returns a `result<void>`, for each of the remaining rows. Ends with its first
    /// failure.
    template <class Visit>
    result<void> for_each(Visit visit) {
        for (;;) {
            const auto row = step();
            if (!row)
                return std::unexpected(row.error());
            if (!*row)
                return {};
            if (auto visited = visit(std::as_const(*this)); !visited)
                return visited;
        }
    }
    /// The first column of the first row. 0 if it is NULL, or there is no row.
    result<std::int64_t> number() {
        const auto row = step();
        if (!row)
            return std::unexpected(row.error());
        return *row ? integer(0) : 0;
    }
    /// Runs the statement and ignores rows. Returns how many rows it changed.
    result<std::int64_t> run();
    /// Sends the statement without waiting for its outcome. If it fails, the next statement that waits
    /// returns the error, and the transaction as a whole can't be committed.
    result<void> run_later();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] bool boolean(int column) const { return integer(column) != 0; }
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::string text(int column) const { return std::string{view(column)}; }
    /// A text or the bytes of a `bytea`, as long as this object.
    [[nodiscard]] std::string_view view(int column) const;
    [[nodiscard]] timestamp time(int column) const { return timestamp{timestamp::duration{integer(column)}}; }
    [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const;
    [[nodiscard]] std::optional<timestamp> optional_time(int column) const;
    template <std::size_t N>
    [[nodiscard]] std::array<std::uint8_t, N> bytes(int column) const {
        std::array<std::uint8_t, N> out{};
        copy_bytes(column, out.data(), N);
        return out;
    }
    [[nodiscard]] uuid id(int column) const { return uuid{bytes<16>(column)}; }

private:
    friend class connection;
    struct parameter {
        value_type type = value_type::int8;
        std::array<char, 16> fixed{}; ///< the value, if it has a fixed size
        std::string array;            ///< or if it is an array
        const char* outside = nullptr;
        int size = -1; ///< -1: NULL
    };
    struct result_deleter {
        void operator()(pg_result* rows) const noexcept;
    };
    using rows_pointer = std::unique_ptr<pg_result, result_deleter>;

    statement(connection& db, const char* cached, std::string text)
        : db_{&db}, cached_{cached}, text_{std::move(text)} {}
    parameter& at(int number);
    void bind_null(int at, value_type type);
    void bind_bytes(int at, value_type type, std::string_view value);
    template <class Bytes>
    void bind_fixed(int number, value_type type, const Bytes& value) {
        static_assert(sizeof(Bytes) <= 32);
        bind_copy(number, type, value.data(), value.size());
    }
    void bind_copy(int number, value_type type, const void* data, std::size_t size);
    void copy_bytes(int column, void* target, std::size_t size) const;
    result<void> execute();

    connection* db_;
    const char* cached_; ///< the literal that identifies a cached statement; null: `text_` runs once
    std::string text_;
    std::vector<parameter> parameters_;
    rows_pointer rows_;
    int row_ = -1;
};

/// A failure of the database, translated for the caller and for the log.
struct failure {
    std::string state;  ///< SQLSTATE; empty if the connection was lost
    bool lost = false;  ///< the connection can't be used any more
    bool later = false; ///< a statement failed whose outcome nobody waited for
    breakwater::error error;
    std::string cause; ///< for the log

    [[nodiscard]] bool is_unique_violation() const noexcept { return state == "23505"; }
    [[nodiscard]] bool is_foreign_key_violation() const noexcept { return state == "23503"; }
};

/// One connection to the database, for one thread at a time. Every call ends after a bounded time. libpq runs
/// in pipeline mode: statements for which nobody waits travel together with the next one that somebody waits
/// for.
class connection {
public:
    struct settings {
        std::string url; ///< a connection string of libpq; may name several hosts
        std::chrono::milliseconds connect_timeout{2000}; ///< for each host; whole seconds, at least 2
        std::chrono::milliseconds statement_timeout{30'000};
        std::chrono::milliseconds lock_timeout{30'000}; ///< for each wait for a lock
        /// How long the server keeps a transaction, and its locks, for which no statement arrives.
        std::chrono::milliseconds idle_timeout{120'000};
        bool copies = false;     ///< for whole tables: statements take as long as they make progress
        bool log_failure = true; ///< why the database can't be reached; false for repeated attempts
    };

    /// Accepts only a server that can be written: a standby may lack the newest commits.
    static result<std::unique_ptr<connection>> open(const settings& options);
    /// Replaces a connection that was never opened, or that the server has closed. Returns whether it did.
    /// `log_failure` replaces that of the settings.
    static result<bool> renew(std::unique_ptr<connection>& db, settings options, bool log_failure = true);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    /// `sql` must live as long as the connection (a literal): its address is the key of the prepared
    /// statement.
    [[nodiscard]] statement prepare(const char* sql);
    /// For a text that is assembled at run time. Not cached.
    [[nodiscard]] statement prepare_once(std::string sql);
    /// Prepares and runs in one step. Returns how many rows changed. `sql` as in `prepare`.
    template <class... Values>
    result<std::int64_t> run(const char* sql, const Values&... values) {
        return prepare(sql).bind(values...).run();
    }
    /// As `statement::run_later`.
    template <class... Values>
    result<void> run_later(const char* sql, const Values&... values) {
        return prepare(sql).bind(values...).run_later();
    }
    /// Runs an INSERT that returns the id of the new row. Empty if it inserted none.
    template <class... Values>
    result<std::optional<std::int64_t>> insert(const char* sql, const Values&... values) {
        return prepare(sql).bind(values...).first([](const statement& row) { return row.integer(0); });
    }
    /// Runs several statements, separated by semicolons, in one implicit transaction if none is open.
    result<void> execute_script(const std::string& sql);

    /// The bytes that COPY TO sends, piece by piece. `sql`: COPY … TO STDOUT. Takes no lock of its own.
    /// REQUIRES: `settings::copies`, unless the table is small.
    result<void> copy_out(const std::string& sql,
                          const std::function<result<void>(std::string_view)>& receive);
    /// The opposite: `next` returns the next piece; an empty one ends the copy. `sql`: COPY … FROM STDIN.
    result<void> copy_in(const std::string& sql, const std::function<result<std::string>()>& next);

    enum class isolation : std::uint8_t {
        write,   ///< READ COMMITTED
        snapshot ///< REPEATABLE READ, read only: one consistent state
    };
    /// Starts a transaction with the next statement. REQUIRES: none is open.
    void begin(isolation level) noexcept;
    /// The outcome of `commit`.
    enum class commit_outcome : std::uint8_t {
        committed,
        /// The change is visible, but the server did not wait until a standby had it. It may be lost.
        not_replicated,
        rolled_back,
        unknown ///< the connection was lost before the answer
    };
    /// Ends the transaction. If it failed, `failure()` has the reason.
    commit_outcome commit();
    /// Ends the transaction and forgets its failure, unless the connection was lost.
    void roll_back();
    /// Sets a savepoint before the next statement. REQUIRES: a transaction; not nested.
    void set_savepoint() noexcept;
    void release_savepoint();
    /// Undoes all statements after the savepoint, and forgets their failure.
    void roll_back_to_savepoint();
    /// Makes the transaction wait until no other one of any process changes entities, and makes others wait
    /// until it ends. So units of work run one at a time, whichever process they run in. Appends of readings
    /// call it only when this process takes a device, or first stores a real reading of it. REQUIRES: an open
    /// transaction that writes.
    result<void> lock_entities();
    /// Whether the open transaction sent a statement.
    [[nodiscard]] bool has_begun() const noexcept { return begun_; }

    /// The first failure since the last `take_failure`. Until it is taken, statements return its error and
    /// don't run.
    [[nodiscard]] const std::optional<postgres::failure>& failure() const noexcept { return failure_; }
    std::optional<postgres::failure> take_failure() { return std::exchange(failure_, std::nullopt); }
    [[nodiscard]] bool is_lost() const noexcept { return lost_; }
    /// Whether the server has closed the connection since the last statement. Doesn't wait.
    [[nodiscard]] bool was_closed();
    /// Waits until the server sends a notification (LISTEN), for at most `timeout`. Returns whether it did.
    result<bool> wait_for_notification(std::chrono::milliseconds timeout);

    /// From now on, once `signal` is requested, statements fail with `overloaded`, even while they run; the
    /// connection is then lost. Null: statements run to their end. REQUIRES: `signal` lives until it is
    /// replaced. Not for a connection that writes.
    void cancel_by(const cancellation* signal) noexcept { cancellation_ = signal; }

private:
    friend class statement;
    struct prepared_statement {
        std::string name;
        bool exists = false; ///< the server has it
    };
    /// Something that was sent, whose outcome was not read yet.
    struct sent {
        prepared_statement* prepares = nullptr; ///< null: it executes a statement
        bool later = true;                      ///< nobody waits for it
    };
    explicit connection(pg_conn* handle, const settings& options);

    result<void> send(statement& next, bool later);
    void send_control(const char* sql);
    void open_transaction();
    /// Reads the outcomes of everything that was sent. Returns the rows of the last statement.
    result<statement::rows_pointer> receive_all();
    /// Waits for the next result. Null: the results of a statement end, or the connection was lost.
    statement::rows_pointer next_result();
    /// Waits until the socket can be read, or written if `writes`. False: cancelled, or too late.
    bool wait(bool writes);
    bool flush();
    bool leave_pipeline();
    bool enter_pipeline();
    void lose(std::string cause);
    void record(const pg_result* failed, bool later);
    [[nodiscard]] error unusable() const;

    pg_conn* handle_;
    const std::chrono::milliseconds timeout_;
    std::chrono::steady_clock::time_point deadline_{};
    std::unordered_map<const void*, prepared_statement> prepared_;
    std::deque<sent> sent_;
    std::optional<postgres::failure> failure_;
    const cancellation* cancellation_ = nullptr;
    std::string warning_; ///< the last warning of the server
    isolation isolation_ = isolation::write;
    bool wanted_ = false; ///< `begin` was called
    bool begun_ = false;  ///< BEGIN was sent
    bool savepoint_wanted_ = false;
    bool savepoint_sent_ = false;
    bool entities_locked_ = false;
    bool locked_in_savepoint_ = false; ///< which then releases the lock when it is rolled back
    bool lost_ = false;
    bool cancelled_ = false;
};

} // namespace breakwater::storage::postgres

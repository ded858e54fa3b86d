#pragma once

#include "base/cancellation.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace breakwater::storage::sqlite {

class connection;

/// Bytes to bind as a BLOB. They must outlive the statement.
struct blob {
    std::string_view bytes;
};

/// A prepared statement, on loan. An error on the way (preparing, binding) is kept and told by the next
/// `step`, so that a query reads as prepare, bind, step. Reset when it goes out of scope.
class statement {
public:
    ~statement();
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;

    /// Binds the values to the parameters ?1, ?2, … in order. Nothing is copied: texts and blobs must outlive
    /// the statement.
    template <class... Values>
    statement& bind(const Values&... values) {
        int at = 0;
        (bind_one(++at, values), ...);
        return *this;
    }
    void bind_one(int at, std::int64_t value);
    void bind_one(int at, int value) { bind_one(at, std::int64_t{value}); }
    void bind_one(int at, bool value) { bind_one(at, std::int64_t{value}); }
    void bind_one(int at, std::string_view value);
    void bind_one(int at, const std::string& value) { bind_one(at, std::string_view{value}); }
    void bind_one(int at, timestamp value) { bind_one(at, std::int64_t{value.time_since_epoch().count()}); }
    void bind_one(int at, double value);
    template <class Value>
    void bind_one(int at, const std::optional<Value>& value) {
        if (value)
            bind_one(at, *value);
        else
            bind_null(at);
    }
    void bind_one(int at, const uuid& value) { bind_one(at, value.bytes); }
    void bind_one(int at, blob value) { bind_blob(at, value.bytes.data(), value.bytes.size()); }
    template <std::size_t N>
    void bind_one(int at, const std::array<std::uint8_t, N>& value) {
        bind_blob(at, value.data(), N);
    }

    /// True: there is a row to read. False: that was all.
    result<bool> step();
    /// The first row as `read` makes it from the statement; nothing where there is none.
    template <class Read>
    auto first(Read read) -> result<std::optional<std::invoke_result_t<Read&, const statement&>>> {
        const auto row = step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return std::nullopt;
        return read(std::as_const(*this));
    }
    /// All rows that are left, each as `read` makes it from the statement.
    template <class Read>
    auto rows(Read read) {
        using row_type = std::invoke_result_t<Read&, const statement&>;
        return checked_rows([&read](const statement& row) -> result<row_type> { return read(row); });
    }
    /// The same where a row may be refused: `read` gives a result, and the first failure is the answer.
    template <class Read>
    auto checked_rows(Read read)
        -> result<std::vector<typename std::invoke_result_t<Read&, const statement&>::value_type>> {
        std::vector<typename std::invoke_result_t<Read&, const statement&>::value_type> out;
        for (;;) {
            const auto row = step();
            if (!row)
                return std::unexpected(row.error());
            if (!*row)
                return out;
            auto made = read(std::as_const(*this));
            if (!made)
                return pass(std::move(made));
            out.push_back(std::move(*made));
        }
    }
    /// For what answers no rows.
    result<void> run();
    /// Makes it ready for another round, with the bindings as they are.
    void reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::string_view text_view(int column) const; ///< until the next step
    [[nodiscard]] std::string_view blob_view(int column) const; ///< until the next step
    [[nodiscard]] timestamp time(int column) const { return timestamp{timestamp::duration{integer(column)}}; }
    [[nodiscard]] std::optional<timestamp> optional_time(int column) const;
    template <std::size_t N>
    [[nodiscard]] std::array<std::uint8_t, N> bytes(int column) const {
        std::array<std::uint8_t, N> out{};
        copy_blob(column, out.data(), N);
        return out;
    }
    [[nodiscard]] uuid id(int column) const { return uuid{bytes<16>(column)}; }

private:
    friend class connection;
    statement(connection& db, sqlite3_stmt* handle, sqlite3_stmt** home, int failure) noexcept
        : db_{db}, handle_{handle}, home_{home}, failure_{failure} {}
    void bind_blob(int at, const void* data, std::size_t size);
    void bind_null(int at);
    void copy_blob(int column, void* to, std::size_t size) const;
    void keep(int code) noexcept;

    connection& db_;
    sqlite3_stmt* handle_;
    sqlite3_stmt** home_; ///< where it goes back to; null: it is thrown away
    int failure_;
};

/// What a failure of SQLite means to whoever asked.
struct failure {
    int code = 0;        ///< extended result code
    bool medium = false; ///< the disk, the file or memory failed; a transaction can't go on after it
    breakwater::error error;
    std::string cause; ///< for the log
};

/// Whether after this result code the file may differ from what SQLite thinks is in it. A full disk refuses
/// before it takes; a lock that somebody else holds and a lack of memory never reach it.
[[nodiscard]] bool leaves_doubt(int code) noexcept;

/// One connection to the file, for one thread at a time.
class connection {
public:
    enum class access { write, read };
    struct settings {
        std::filesystem::path file; ///< must exist
        access mode = access::read;
        std::int64_t cache_kib = 1024;
        std::string vfs; ///< empty: SQLite's own
    };

    static result<std::unique_ptr<connection>> open(const settings& chosen);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    /// `sql` must live as long as the connection (a literal): the prepared form is kept under its address.
    [[nodiscard]] statement prepare(const char* sql);
    /// For a text put together at run time.
    [[nodiscard]] statement prepare_once(const std::string& sql);
    /// Prepares and runs in one step. `sql` as in `prepare`.
    template <class... Values>
    result<void> run(const char* sql, const Values&... values) {
        statement prepared = prepare(sql);
        return prepared.bind(values...).run();
    }
    /// Runs a text of several statements.
    result<void> execute_script(const char* sql);

    /// How many rows the last INSERT, UPDATE or DELETE changed.
    [[nodiscard]] std::int64_t changes() const noexcept;
    [[nodiscard]] std::int64_t last_insert_id() const noexcept;
    [[nodiscard]] bool in_transaction() const noexcept;
    /// The extended code of the last failure: tells one constraint from another.
    [[nodiscard]] int last_failure_code() const noexcept { return last_failure_code_; }
    /// Frames in the write-ahead log after the last commit of this connection.
    [[nodiscard]] int wal_frames() const noexcept { return wal_frames_; }

    /// The first failure of the medium since it was last taken. Until then no statement runs.
    [[nodiscard]] const std::optional<failure>& medium_failure() const noexcept { return medium_failure_; }
    std::optional<failure> take_medium_failure();

    /// From now on statements fail with `overloaded`, also in the midst of one, once `by` is requested; null:
    /// they run to their end. REQUIRES: it outlives that. Not for a connection that writes.
    void cancel_by(const cancellation* by);

    [[nodiscard]] sqlite3* handle() const noexcept { return handle_; }
    /// Records a result code that is not a success and says what it means.
    error note(int code);

private:
    friend class statement;
    explicit connection(sqlite3* handle) noexcept : handle_{handle} {}
    result<void> configure(const settings& chosen);

    sqlite3* handle_;
    std::unordered_map<const void*, sqlite3_stmt*> prepared_;
    std::optional<failure> medium_failure_;
    const cancellation* cancelled_by_ = nullptr;
    int last_failure_code_ = 0;
    int wal_frames_ = 0;
};

} // namespace breakwater::storage::sqlite

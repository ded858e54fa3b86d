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

/// A prepared statement on loan from its connection; the destructor resets and returns it. The next `step`
/// returns an error that occurred while preparing or binding, so that a query reads as prepare, bind, step.
class statement {
public:
    ~statement();
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;

    /// Binds the values to the parameters ?1, ?2, … in order. Texts and blobs are not copied: they must
    /// outlive the statement.
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
        for (;;) {
            const auto row = step();
            if (!row)
                return std::unexpected(row.error());
            if (!*row)
                return out;
            auto converted = read(std::as_const(*this));
            if (!converted)
                return pass(std::move(converted));
            out.push_back(std::move(*converted));
        }
    }
    /// Runs the statement to its end and ignores rows.
    result<void> run();
    /// Makes the statement ready to run again. Keeps the bindings.
    void reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] std::string_view text_view(int column) const; ///< until the next step
    [[nodiscard]] std::string_view blob_view(int column) const; ///< until the next step
    [[nodiscard]] timestamp time(int column) const { return timestamp{timestamp::duration{integer(column)}}; }
    [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const;
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
    void copy_blob(int column, void* target, std::size_t size) const;
    void keep_failure(int code) noexcept;

    connection& db_;
    sqlite3_stmt* handle_;
    sqlite3_stmt** home_; ///< where the destructor returns the handle; null: it finalizes the handle
    int failure_;
};

/// A failure of SQLite, translated for the caller and for the log.
struct failure {
    int code = 0;        ///< extended result code
    bool medium = false; ///< the disk, the file or memory failed; a transaction can't continue after it
    breakwater::error error;
    std::string cause; ///< for the log
};

/// Whether the file may differ from SQLite's view of it after this result code. False for a full disk, which
/// refuses a write before it changes anything, and for a held lock or a lack of memory, where no write
/// reaches the disk.
[[nodiscard]] bool leaves_doubt(int code) noexcept;

/// One connection to the file, for one thread at a time.
class connection {
public:
    enum class access { write, read };
    struct settings {
        std::filesystem::path file; ///< must exist
        access mode = access::read;
        std::int64_t cache_kib = 1024;
        std::string vfs; ///< empty: SQLite's default
    };

    static result<std::unique_ptr<connection>> open(const settings& options);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    /// `sql` must live as long as the connection (a literal): its address is the key of the cached statement.
    [[nodiscard]] statement prepare(const char* sql);
    /// For a text that is assembled at run time. Not cached.
    [[nodiscard]] statement prepare_once(const std::string& sql);
    /// Prepares and runs in one step. `sql` as in `prepare`.
    template <class... Values>
    result<void> run(const char* sql, const Values&... values) {
        statement prepared = prepare(sql);
        return prepared.bind(values...).run();
    }
    /// Runs several statements, separated by semicolons.
    result<void> execute_script(const char* sql);

    /// The number of rows that the last INSERT, UPDATE or DELETE changed.
    [[nodiscard]] std::int64_t changes() const noexcept;
    [[nodiscard]] std::int64_t last_insert_id() const noexcept;
    [[nodiscard]] bool in_transaction() const noexcept;
    /// The extended result code of the last failure; identifies the violated constraint.
    [[nodiscard]] int last_failure_code() const noexcept { return last_failure_code_; }
    /// Frames in the write-ahead log after the last commit of this connection.
    [[nodiscard]] int wal_frames() const noexcept { return wal_frames_; }

    /// The first failure of the medium since the last `take_medium_failure`. Until it is taken, no statement
    /// runs.
    [[nodiscard]] const std::optional<failure>& medium_failure() const noexcept { return medium_failure_; }
    std::optional<failure> take_medium_failure();

    /// From now on, once `signal` is requested, statements fail with `overloaded`, even while they run. Null:
    /// statements run to their end. REQUIRES: `signal` lives until it is replaced. Not for a connection that
    /// writes.
    void cancel_by(const cancellation* signal);

    [[nodiscard]] sqlite3* handle() const noexcept { return handle_; }
    /// Records a result code other than success, and returns the error for it.
    error record_failure(int code);

private:
    friend class statement;
    explicit connection(sqlite3* handle) noexcept : handle_{handle} {}
    result<void> configure(const settings& options);

    sqlite3* handle_;
    std::unordered_map<const void*, sqlite3_stmt*> prepared_;
    std::optional<failure> medium_failure_;
    const cancellation* cancellation_ = nullptr;
    int last_failure_code_ = 0;
    int wal_frames_ = 0;
};

} // namespace breakwater::storage::sqlite

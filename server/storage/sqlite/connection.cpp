#include "storage/sqlite/connection.hpp"

#include "base/folded_text.hpp"
#include "base/log.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <utility>

namespace breakwater::storage::sqlite {

namespace {

/// How long a statement waits for a lock of another process, for example an open SQLite shell.
constexpr int busy_timeout_ms = 5000;

/// Instructions of SQLite's virtual machine between two checks for cancellation: some tens of microseconds.
constexpr int instructions_per_check = 4096;

std::unexpected<error> query_cancelled() {
    return fail_with_retry(
        errc::overloaded,
        "The query took longer than the server allows and was cancelled. Request less data.",
        std::chrono::seconds{1});
}

failure describe(sqlite3* handle, int code) {
    failure out{.code = code,
                .medium = false,
                .error = {},
                .cause = handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code)};
    const int os_error = handle != nullptr ? sqlite3_system_errno(handle) : 0;
    out.cause += " (code " + std::to_string(code);
    if (os_error != 0)
        out.cause += std::string{", "} + std::strerror(os_error);
    out.cause += ')';
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT: out.error = {errc::conflict, "The change conflicts with what is stored."}; break;
    case SQLITE_FULL:
        out.medium = true;
        out.error = {errc::storage_full, "The server's disk is full."};
        break;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        out.medium = true;
        if (os_error == ENOSPC || os_error == EDQUOT)
            out.error = {errc::storage_full, "The server's disk is full."};
        else
            out.error = {errc::storage_unavailable, "The database can't be reached at the moment."};
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_PROTOCOL:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_NOLFS:
    case SQLITE_INTERRUPT:
        out.medium = true;
        out.error = {errc::storage_unavailable, "The database can't be reached at the moment."};
        break;
    default: out.error = {errc::internal, "The database refused a statement."};
    }
    return out;
}

/// `folded(text)` in SQL.
void fold_text(sqlite3_context* context, int, sqlite3_value** arguments) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(arguments[0]));
    if (text == nullptr)
        return sqlite3_result_null(context);
    const auto size = static_cast<std::size_t>(sqlite3_value_bytes(arguments[0]));
    const std::string normalized = folded({text, size});
    sqlite3_result_text64(context, normalized.data(), normalized.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// Turns off SQLite's allocation statistics: unused here, they cost a global lock at every allocation.
void configure_library() {
    static std::once_flag done;
    std::call_once(done, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

} // namespace

bool leaves_doubt(int code) noexcept {
    switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM: return false;
    default: return true;
    }
}

statement::~statement() {
    if (handle_ == nullptr)
        return;
    if (home_ == nullptr || *home_ != nullptr) { // not cached, or the same statement was on loan twice
        sqlite3_finalize(handle_);
        return;
    }
    sqlite3_reset(handle_);
    sqlite3_clear_bindings(handle_);
    *home_ = handle_;
}

void statement::keep_failure(int code) noexcept {
    if (code != SQLITE_OK && failure_ == SQLITE_OK)
        failure_ = code;
}

void statement::bind_one(int at, std::int64_t value) {
    keep_failure(sqlite3_bind_int64(handle_, at, value));
}

void statement::bind_one(int at, std::string_view value) {
    // An empty view may have a null address, which SQLite would bind as NULL.
    keep_failure(sqlite3_bind_text64(handle_, at, value.empty() ? "" : value.data(), value.size(),
                                     SQLITE_STATIC, SQLITE_UTF8));
}

void statement::bind_one(int at, double value) {
    keep_failure(sqlite3_bind_double(handle_, at, value));
}

void statement::bind_null(int at) {
    keep_failure(sqlite3_bind_null(handle_, at));
}

void statement::bind_blob(int at, const void* data, std::size_t size) {
    keep_failure(sqlite3_bind_blob64(handle_, at, data, size, SQLITE_STATIC));
}

result<bool> statement::step() {
    // After a medium failure SQLite may have rolled back by itself: further statements of the unit of work
    // would be committed one by one.
    if (db_.medium_failure_)
        return std::unexpected(db_.medium_failure_->error);
    if (db_.cancellation_ != nullptr && db_.cancellation_->requested())
        return query_cancelled();
    int code = failure_;
    if (code == SQLITE_OK) {
        code = sqlite3_step(handle_);
        if (code == SQLITE_ROW)
            return true;
        if (code == SQLITE_DONE)
            return false;
        if ((code & 0xff) == SQLITE_INTERRUPT && db_.cancellation_ != nullptr)
            return query_cancelled();
    }
    return std::unexpected(db_.record_failure(code));
}

result<void> statement::run() {
    for (;;) {
        auto row = step();
        if (!row)
            return pass(std::move(row));
        if (!*row)
            return {};
    }
}

void statement::reset() {
    sqlite3_reset(handle_);
}

std::int64_t statement::integer(int column) const {
    return sqlite3_column_int64(handle_, column);
}

double statement::real(int column) const {
    return sqlite3_column_double(handle_, column);
}

bool statement::is_null(int column) const {
    return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

std::string_view statement::text_view(int column) const {
    const auto* data = sqlite3_column_text(handle_, column);
    if (data == nullptr)
        return {};
    return {reinterpret_cast<const char*>(data),
            static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::string_view statement::blob_view(int column) const {
    const void* data = sqlite3_column_blob(handle_, column);
    if (data == nullptr)
        return {};
    return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

std::string statement::text(int column) const {
    return std::string{text_view(column)};
}

std::optional<std::int64_t> statement::optional_integer(int column) const {
    if (is_null(column))
        return std::nullopt;
    return integer(column);
}

std::optional<timestamp> statement::optional_time(int column) const {
    if (is_null(column))
        return std::nullopt;
    return time(column);
}

void statement::copy_blob(int column, void* target, std::size_t size) const {
    const void* data = sqlite3_column_blob(handle_, column);
    const auto stored = static_cast<std::size_t>(sqlite3_column_bytes(handle_, column));
    if (data != nullptr)
        std::memcpy(target, data, std::min(size, stored));
}

result<std::unique_ptr<connection>> connection::open(const settings& options) {
    configure_library();
    const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                      (options.mode == access::write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(options.file.c_str(), &handle, flags,
                                     options.vfs.empty() ? nullptr : options.vfs.c_str());
    if (handle == nullptr)
        return fail(errc::storage_unavailable, "The database can't be reached at the moment.");
    std::unique_ptr<connection> opened{new connection{handle}};
    if (code != SQLITE_OK)
        return std::unexpected(opened->record_failure(code));
    if (auto configured = opened->configure(options); !configured)
        return pass(std::move(configured));
    return opened;
}

result<void> connection::configure(const settings& options) {
    sqlite3_busy_timeout(handle_, busy_timeout_ms);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    if (const int code = sqlite3_create_function_v2(handle_, "folded", 1,
                                                    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                                    nullptr, &fold_text, nullptr, nullptr, nullptr);
        code != SQLITE_OK)
        return std::unexpected(record_failure(code));
    const std::string cache = "PRAGMA cache_size = -" + std::to_string(options.cache_kib) + ";";
    if (auto set = execute_script((cache + "PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;").c_str());
        !set)
        return set;
    if (options.mode == access::read)
        return execute_script("PRAGMA query_only = ON;");
    // Closing must not write: after a disk failure the connection is closed to discard its view of the file.
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_wal_hook(
        handle_,
        [](void* self, sqlite3*, const char*, int frames) {
            static_cast<connection*>(self)->wal_frames_ = frames;
            return SQLITE_OK;
        },
        this);
    // The hook replaces the automatic checkpoint: the writer decides when to run one. auto_vacuum can be set
    // only while the file is empty; it lets the file release free pages step by step.
    return execute_script("PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = "
                          "FULL; PRAGMA foreign_keys = ON;"
                          "PRAGMA recursive_triggers = ON; PRAGMA journal_size_limit = 67108864;");
}

connection::~connection() {
    for (const auto& [sql, prepared] : prepared_)
        sqlite3_finalize(prepared);
    sqlite3_close_v2(handle_);
}

statement connection::prepare(const char* sql) {
    sqlite3_stmt*& home = prepared_[sql];
    if (home != nullptr)
        return statement{*this, std::exchange(home, nullptr), &home, SQLITE_OK};
    sqlite3_stmt* created = nullptr;
    const int code = sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &created, nullptr);
    return statement{*this, created, &home, code};
}

statement connection::prepare_once(const std::string& sql) {
    sqlite3_stmt* created = nullptr;
    const int code =
        sqlite3_prepare_v3(handle_, sql.c_str(), static_cast<int>(sql.size()), 0, &created, nullptr);
    return statement{*this, created, nullptr, code};
}

result<void> connection::execute_script(const char* sql) {
    const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return std::unexpected(record_failure(code));
    return {};
}

std::int64_t connection::changes() const noexcept {
    return sqlite3_changes64(handle_);
}

std::int64_t connection::last_insert_id() const noexcept {
    return sqlite3_last_insert_rowid(handle_);
}

bool connection::in_transaction() const noexcept {
    return sqlite3_get_autocommit(handle_) == 0;
}

void connection::cancel_by(const cancellation* signal) {
    cancellation_ = signal;
    // SQLite calls the handler on the thread that runs the statement. The handler doesn't write through its
    // pointer.
    constexpr auto check = [](void* signal_pointer) {
        return static_cast<const cancellation*>(signal_pointer)->requested() ? 1 : 0;
    };
    sqlite3_progress_handler(
        handle_, instructions_per_check, signal != nullptr ? +check : nullptr,
        const_cast<cancellation*>(signal)); // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

std::optional<failure> connection::take_medium_failure() {
    return std::exchange(medium_failure_, std::nullopt);
}

error connection::record_failure(int code) {
    failure recorded = describe(handle_, code);
    last_failure_code_ = code;
    if (recorded.error.code == errc::internal)
        log::write(log::level::error, "the database refused a statement", {{"cause", recorded.cause}});
    error returned = recorded.error;
    if (recorded.medium && !medium_failure_)
        medium_failure_ = std::move(recorded);
    return returned;
}

} // namespace breakwater::storage::sqlite

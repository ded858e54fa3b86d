#include "storage/postgres/connection.hpp"

#include "base/log.hpp"
#include "storage/postgres/connection_string.hpp"

#include <libpq-fe.h>

#include <poll.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

namespace breakwater::storage::postgres {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// How much longer than the server's limit a statement may take, before the connection counts as dead.
constexpr milliseconds network_margin{2000};
/// For scripts, each piece of a copy, and all statements of a connection that copies.
constexpr milliseconds script_timeout{600'000};
/// `BRKE`; the key of the lock of transactions that change entities.
constexpr std::int64_t entities_lock = 0x42524b45;
/// How often a running query checks whether it was cancelled.
constexpr milliseconds cancellation_interval{20};
/// Statements that travel together, at most: their outcomes take memory.
constexpr std::size_t max_sent = 512;
constexpr int min_server_version = 150'000;

std::string big_endian(std::uint64_t value, std::size_t size) {
    std::string out(size, '\0');
    for (std::size_t i = size; i-- > 0; value >>= 8)
        out[i] = static_cast<char>(value & 0xff);
    return out;
}

std::uint64_t number_of(const char* bytes, std::size_t size) noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
        value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
    return value;
}

/// The beginning of a one-dimensional array in binary.
std::string array_header(value_type element, std::size_t count) {
    if (count == 0)
        return big_endian(0, 4) + big_endian(0, 4) + big_endian(static_cast<std::uint32_t>(element), 4);
    return big_endian(1, 4) + big_endian(0, 4) + big_endian(static_cast<std::uint32_t>(element), 4) +
           big_endian(count, 4) + big_endian(1, 4);
}

error unreachable() {
    return {.code = errc::storage_unavailable, .detail = "The database can't be reached at the moment."};
}

error cancelled() {
    return {.code = errc::overloaded,
            .detail = "The query took longer than the server allows and was cancelled. Request less data.",
            .retry_after = std::chrono::seconds{1}};
}

/// SQLSTATEs: appendix A of PostgreSQL's manual.
error error_of(std::string_view state) {
    const std::string_view kind = state.substr(0, 2);
    if (kind == "23")
        return {.code = errc::conflict, .detail = "The change conflicts with what is stored."};
    if (kind == "40" || state == "55P03")
        return {.code = errc::overloaded,
                .detail = "Other changes came first. Try again.",
                .retry_after = std::chrono::seconds{1}};
    if (state == "53100")
        return {.code = errc::storage_full, .detail = "The disk of the database is full."};
    if (state == "57014")
        return cancelled();
    if (state == "22021")
        return {.code = errc::invalid_input, .detail = "A text contains the character U+0000."};
    for (const std::string_view unavailable : {"08", "53", "57", "58", "BW", "XX"})
        if (kind == unavailable)
            return unreachable();
    if (state == "25006") // a standby
        return unreachable();
    return {.code = errc::internal, .detail = "The database refused a statement."};
}

std::string_view field_of(const PGresult* from, int field) {
    const char* text = PQresultErrorField(from, field);
    return text == nullptr ? std::string_view{} : std::string_view{text};
}

/// What libpq has to say about the connection, in one line.
std::string message_of(const PGconn* handle) {
    std::string text = PQerrorMessage(handle);
    std::ranges::replace(text, '\n', ' ');
    while (!text.empty() && text.back() == ' ')
        text.pop_back();
    return text;
}

} // namespace

void statement::result_deleter::operator()(pg_result* rows) const noexcept {
    PQclear(rows);
}

statement::parameter& statement::at(int number) {
    if (parameters_.size() < static_cast<std::size_t>(number))
        parameters_.resize(static_cast<std::size_t>(number));
    return parameters_[static_cast<std::size_t>(number) - 1];
}

void statement::bind_one(int number, std::int64_t value) {
    const auto bytes = std::bit_cast<std::array<char, 8>>(
        std::endian::native == std::endian::little ? __builtin_bswap64(static_cast<std::uint64_t>(value))
                                                   : static_cast<std::uint64_t>(value));
    bind_copy(number, value_type::int8, bytes.data(), bytes.size());
}

void statement::bind_one(int number, bool value) {
    const char byte = value ? 1 : 0;
    bind_copy(number, value_type::boolean, &byte, 1);
}

void statement::bind_one(int number, double value) {
    bind_one(number, std::bit_cast<std::int64_t>(value));
    at(number).type = value_type::float8;
}

void statement::bind_one(int number, std::span<const std::int64_t> values) {
    parameter& target = at(number);
    target.type = value_type::int8_array;
    target.array = array_header(value_type::int8, values.size());
    for (const std::int64_t value : values)
        target.array += big_endian(8, 4) + big_endian(static_cast<std::uint64_t>(value), 8);
    target.outside = nullptr;
    target.size = static_cast<int>(target.array.size());
}

void statement::bind_one(int number, std::span<const uuid> values) {
    parameter& target = at(number);
    target.type = value_type::uuid_array;
    target.array = array_header(value_type::uuid, values.size());
    for (const uuid& value : values) {
        target.array += big_endian(value.bytes.size(), 4);
        target.array.append(reinterpret_cast<const char*>(value.bytes.data()), value.bytes.size());
    }
    target.outside = nullptr;
    target.size = static_cast<int>(target.array.size());
}

void statement::bind_null(int number, value_type type) {
    parameter& target = at(number);
    target.type = type;
    target.size = -1;
}

void statement::bind_bytes(int number, value_type type, std::string_view value) {
    parameter& target = at(number);
    target.type = type;
    target.outside = value.empty() ? "" : value.data();
    target.size = static_cast<int>(value.size());
}

void statement::bind_copy(int number, value_type type, const void* data, std::size_t size) {
    parameter& target = at(number);
    target.type = type;
    target.outside = nullptr;
    target.size = static_cast<int>(size);
    if (size <= target.fixed.size())
        std::memcpy(target.fixed.data(), data, size);
    else
        target.array.assign(static_cast<const char*>(data), size);
}

result<void> statement::execute() {
    if (auto sent = db_->send(*this, false); !sent)
        return sent;
    auto received = db_->receive_all();
    if (!received)
        return pass(std::move(received));
    rows_ = std::move(*received);
    return {};
}

result<bool> statement::step() {
    if (rows_ == nullptr) {
        if (auto done = execute(); !done)
            return pass(std::move(done));
        row_ = -1;
    }
    return ++row_ < PQntuples(rows_.get());
}

result<std::int64_t> statement::run() {
    if (auto done = execute(); !done)
        return pass(std::move(done));
    const std::string_view count = PQcmdTuples(rows_.get());
    std::int64_t changed = 0;
    for (const char digit : count)
        changed = changed * 10 + (digit - '0');
    return changed;
}

result<void> statement::run_later() {
    return db_->send(*this, true);
}

std::int64_t statement::integer(int column) const {
    if (is_null(column))
        return 0;
    const auto size = static_cast<std::size_t>(PQgetlength(rows_.get(), row_, column));
    const std::uint64_t value = number_of(PQgetvalue(rows_.get(), row_, column), size);
    switch (size) {
    case 2: return static_cast<std::int16_t>(value);
    case 4: return static_cast<std::int32_t>(value);
    default: return static_cast<std::int64_t>(value);
    }
}

double statement::real(int column) const {
    return std::bit_cast<double>(integer(column));
}

bool statement::is_null(int column) const {
    return PQgetisnull(rows_.get(), row_, column) != 0;
}

std::string_view statement::view(int column) const {
    return {PQgetvalue(rows_.get(), row_, column),
            static_cast<std::size_t>(PQgetlength(rows_.get(), row_, column))};
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

void statement::copy_bytes(int column, void* target, std::size_t size) const {
    const std::string_view stored = view(column);
    std::memcpy(target, stored.data(), std::min(size, stored.size()));
}

connection::connection(pg_conn* handle, const settings& options)
    : handle_{handle},
      timeout_{options.copies ? script_timeout : options.statement_timeout + network_margin} {
    PQsetNoticeReceiver(
        handle_,
        [](void* self, const PGresult* notice) {
            const std::string_view severity = field_of(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
            if (severity == "WARNING")
                static_cast<connection*>(self)->warning_ = field_of(notice, PG_DIAG_MESSAGE_PRIMARY);
        },
        this);
}

connection::~connection() {
    PQfinish(handle_);
}

result<std::unique_ptr<connection>> connection::open(const settings& options) {
    const auto target = parse_connection_string(options.url);
    if (!target) {
        log::write(log::level::error, "the connection string of the database is not valid");
        return std::unexpected(target.error());
    }
    const std::string seconds =
        std::to_string(std::max<std::int64_t>(2, (options.connect_timeout.count() + 999) / 1000));
    // A copy also waits for the disk that it is written to. Meanwhile the peer doesn't acknowledge anything.
    const std::string unacknowledged = std::to_string(options.copies ? script_timeout.count() : 10'000);
    // Whatever the URL sets replaces the values before it, but not those behind it.
    const std::array<std::pair<const char*, const char*>, 11> parameters{
        {{"keepalives", "1"},
         {"keepalives_idle", "5"},
         {"keepalives_interval", "2"},
         {"keepalives_count", "3"},
         {"tcp_user_timeout", unacknowledged.c_str()},
         {"application_name", "breakwater"},
         {"sslmode", target->needs_tls ? "require" : nullptr},
         {"dbname", options.url.c_str()},
         {"target_session_attrs", "read-write"},
         {"connect_timeout", seconds.c_str()},
         {"client_encoding", "UTF8"}}};
    std::vector<const char*> keywords;
    std::vector<const char*> values;
    keywords.reserve(parameters.size() + 1);
    values.reserve(parameters.size() + 1);
    for (const auto& [keyword, value] : parameters) {
        keywords.push_back(keyword);
        values.push_back(value);
    }
    keywords.push_back(nullptr);
    values.push_back(nullptr);
    PGconn* handle = PQconnectdbParams(keywords.data(), values.data(), 1);
    if (handle == nullptr)
        return std::unexpected(unreachable());
    std::unique_ptr<connection> opened{new connection{handle, options}};
    if (PQstatus(handle) != CONNECTION_OK) {
        if (options.log_failure)
            log::write(log::level::error, "the database can't be reached",
                       {{"cause", without_password(message_of(handle), *target)}});
        return std::unexpected(unreachable());
    }
    if (PQserverVersion(handle) < min_server_version)
        return fail(errc::storage_unavailable,
                    "The database server is too old: PostgreSQL 15 or newer is needed.");
    if (PQsetnonblocking(handle, 1) != 0 || !opened->enter_pipeline())
        return std::unexpected(unreachable());
    const std::string lock_limit = std::to_string(options.lock_timeout.count());
    const std::string limit = options.copies ? "0" : std::to_string(options.statement_timeout.count());
    const std::string idle_limit =
        std::to_string(options.copies ? script_timeout.count() : options.idle_timeout.count());
    auto configured =
        opened->execute_script("SET statement_timeout = " + limit + "; SET lock_timeout = " + lock_limit +
                               "; SET idle_in_transaction_session_timeout = " + idle_limit +
                               ";"
                               " SET client_connection_check_interval = 2000; SET jit = off;"
                               " SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2;"
                               " SET tcp_keepalives_count = 3; SET tcp_user_timeout = " +
                               unacknowledged + "; SET client_min_messages = warning;");
    if (!configured) {
        log::write(log::level::error, "the connection to the database can't be configured",
                   {{"cause", opened->failure_->cause}});
        return pass(std::move(configured));
    }
    return opened;
}

result<bool> connection::renew(std::unique_ptr<connection>& db, settings options, bool log_failure) {
    if (db != nullptr && !db->was_closed())
        return false;
    options.log_failure = log_failure;
    auto opened = open(options);
    if (!opened)
        return pass(std::move(opened));
    db = std::move(*opened);
    return true;
}

statement connection::prepare(const char* sql) {
    return statement{*this, sql, {}};
}

statement connection::prepare_once(std::string sql) {
    return statement{*this, nullptr, std::move(sql)};
}

error connection::unusable() const {
    return failure_ ? failure_->error : unreachable();
}

void connection::lose(std::string cause) {
    if (lost_)
        return;
    lost_ = true;
    sent_.clear();
    failure_ = postgres::failure{.state = {},
                                 .lost = true,
                                 .later = false,
                                 .error = cancelled_ ? cancelled() : unreachable(),
                                 .cause = std::move(cause)};
}

void connection::record(const pg_result* failed, bool later) {
    const std::string_view severity = field_of(failed, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (PQstatus(handle_) == CONNECTION_BAD || severity == "FATAL" || severity == "PANIC")
        return lose(message_of(handle_));
    if (failure_)
        return;
    const std::string state{field_of(failed, PG_DIAG_SQLSTATE)};
    std::string cause{field_of(failed, PG_DIAG_MESSAGE_PRIMARY)};
    cause += " (SQLSTATE " + state + ')';
    failure_ = postgres::failure{
        .state = state, .lost = false, .later = later, .error = error_of(state), .cause = std::move(cause)};
    if (failure_->error.code == errc::internal)
        log::write(log::level::error, "the database refused a statement", {{"cause", failure_->cause}});
}

bool connection::wait(bool writes) {
    for (;;) {
        if (cancellation_ != nullptr && cancellation_->requested()) {
            cancelled_ = true;
            lose("the query was cancelled");
            return false;
        }
        auto left = std::chrono::ceil<milliseconds>(deadline_ - steady_clock::now());
        if (left <= milliseconds::zero()) {
            lose("the server did not answer in time");
            return false;
        }
        if (cancellation_ != nullptr)
            left = std::min(left, cancellation_interval);
        pollfd watched{.fd = PQsocket(handle_),
                       .events = static_cast<short>(writes ? POLLIN | POLLOUT : POLLIN),
                       .revents = 0};
        const int ready = ::poll(&watched, 1, static_cast<int>(left.count()));
        if (ready > 0)
            return true;
        if (ready < 0 && errno != EINTR) {
            lose(std::strerror(errno));
            return false;
        }
    }
}

/// Sends what libpq holds back. Also receives, because the server may wait until its answers are read.
bool connection::flush() {
    for (;;) {
        const int rest = PQflush(handle_);
        if (rest == 0)
            return true;
        if (rest < 0) {
            lose(message_of(handle_));
            return false;
        }
        if (!wait(true))
            return false;
        if (PQconsumeInput(handle_) == 0) {
            lose(message_of(handle_));
            return false;
        }
    }
}

statement::rows_pointer connection::next_result() {
    while (!lost_ && PQisBusy(handle_) != 0) {
        if (!flush() || (PQisBusy(handle_) != 0 && !wait(false)))
            return nullptr;
        if (PQconsumeInput(handle_) == 0)
            lose(message_of(handle_));
    }
    if (lost_)
        return nullptr;
    statement::rows_pointer next{PQgetResult(handle_)};
    if (PQstatus(handle_) == CONNECTION_BAD)
        lose(message_of(handle_));
    return next;
}

void connection::send_control(const char* sql) {
    if (lost_)
        return;
    if (PQsendQueryParams(handle_, sql, 0, nullptr, nullptr, nullptr, nullptr, 1) != 1)
        return lose(message_of(handle_));
    sent_.push_back({});
}

void connection::open_transaction() {
    if (wanted_ && !begun_) {
        send_control(isolation_ == isolation::write ? "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
                                                    : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        begun_ = true;
    }
    if (savepoint_wanted_ && !savepoint_sent_) {
        send_control("SAVEPOINT unit");
        savepoint_sent_ = true;
    }
}

result<void> connection::send(statement& next, bool later) {
    if (failure_)
        return std::unexpected(failure_->error);
    if (lost_)
        return std::unexpected(unusable());
    if (cancellation_ != nullptr && cancellation_->requested())
        return std::unexpected(cancelled());
    if (sent_.size() >= max_sent)
        if (auto received = receive_all(); !received)
            return pass(std::move(received));
    open_transaction();

    const auto& parameters = next.parameters_;
    const auto count = static_cast<int>(parameters.size());
    std::vector<Oid> types;
    std::vector<const char*> values;
    std::vector<int> sizes;
    types.reserve(parameters.size());
    values.reserve(parameters.size());
    sizes.reserve(parameters.size());
    for (const auto& parameter : parameters) {
        types.push_back(static_cast<Oid>(parameter.type));
        const char* value = !parameter.array.empty() ? parameter.array.data() : parameter.fixed.data();
        if (parameter.outside != nullptr)
            value = parameter.outside;
        values.push_back(parameter.size < 0 ? nullptr : value);
        sizes.push_back(std::max(parameter.size, 0));
    }
    const std::vector<int> formats(parameters.size(), 1);
    bool accepted = true;
    if (next.cached_ == nullptr) {
        accepted = PQsendQueryParams(handle_, next.text_.c_str(), count, types.data(), values.data(),
                                     sizes.data(), formats.data(), 1) == 1;
    } else {
        prepared_statement& prepared = prepared_[next.cached_];
        if (prepared.name.empty())
            prepared.name = 's' + std::to_string(prepared_.size());
        if (!prepared.exists) {
            accepted = PQsendPrepare(handle_, prepared.name.c_str(), next.cached_, count, types.data()) == 1;
            prepared.exists = true; // `receive_all` corrects it if that fails
            sent_.push_back({&prepared, later});
        }
        accepted = accepted && PQsendQueryPrepared(handle_, prepared.name.c_str(), count, values.data(),
                                                   sizes.data(), formats.data(), 1) == 1;
    }
    if (!accepted) {
        lose(message_of(handle_));
        return std::unexpected(unusable());
    }
    sent_.push_back({nullptr, later});
    return {};
}

result<statement::rows_pointer> connection::receive_all() {
    if (lost_)
        return std::unexpected(unusable());
    deadline_ = steady_clock::now() + timeout_;
    if (PQpipelineSync(handle_) != 1)
        lose(message_of(handle_));
    statement::rows_pointer last;
    while (!sent_.empty()) {
        const sent item = sent_.front();
        sent_.pop_front();
        bool succeeded = false;
        while (auto next = next_result()) {
            switch (PQresultStatus(next.get())) {
            case PGRES_COMMAND_OK:
            case PGRES_TUPLES_OK:
                succeeded = true;
                last = std::move(next);
                break;
            case PGRES_PIPELINE_ABORTED: break;
            default: record(next.get(), item.later);
            }
        }
        if (item.prepares != nullptr)
            item.prepares->exists = succeeded;
    }
    (void)next_result(); // of the synchronisation
    if (failure_)
        return std::unexpected(failure_->error);
    return last;
}

bool connection::was_closed() {
    pollfd watched{.fd = PQsocket(handle_), .events = POLLIN, .revents = 0};
    // The server announces that it closes the connection, and closes it. It may also send notices.
    while (!lost_ && ::poll(&watched, 1, 0) > 0)
        if (PQconsumeInput(handle_) == 0)
            lose(message_of(handle_));
    return lost_;
}

result<bool> connection::wait_for_notification(std::chrono::milliseconds timeout) {
    if (lost_)
        return std::unexpected(unusable());
    pollfd watched{.fd = PQsocket(handle_), .events = POLLIN, .revents = 0};
    if (::poll(&watched, 1, static_cast<int>(timeout.count())) > 0 && PQconsumeInput(handle_) == 0) {
        lose(message_of(handle_));
        return std::unexpected(unusable());
    }
    bool notified = false;
    while (PGnotify* const next = PQnotifies(handle_)) {
        PQfreemem(next);
        notified = true;
    }
    return notified;
}

bool connection::leave_pipeline() {
    if (!sent_.empty() && !receive_all())
        return false;
    if (lost_)
        return false;
    // The end of the last synchronisation may not have been read yet.
    while (next_result() != nullptr)
        continue;
    if (PQexitPipelineMode(handle_) != 1) {
        lose(message_of(handle_));
        return false;
    }
    return true;
}

bool connection::enter_pipeline() {
    if (!lost_ && PQenterPipelineMode(handle_) != 1)
        lose(message_of(handle_));
    return !lost_;
}

result<void> connection::execute_script(const std::string& sql) {
    if (failure_)
        return std::unexpected(failure_->error);
    open_transaction();
    if (!leave_pipeline())
        return std::unexpected(unusable());
    deadline_ = steady_clock::now() + script_timeout;
    if (PQsendQuery(handle_, sql.c_str()) != 1)
        lose(message_of(handle_));
    while (auto next = next_result())
        if (const auto status = PQresultStatus(next.get());
            status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
            record(next.get(), false);
    enter_pipeline();
    if (failure_)
        return std::unexpected(failure_->error);
    return {};
}

result<void> connection::copy_out(const std::string& sql,
                                  const std::function<result<void>(std::string_view)>& receive) {
    if (failure_)
        return std::unexpected(failure_->error);
    open_transaction();
    if (!leave_pipeline())
        return std::unexpected(unusable());
    deadline_ = steady_clock::now() + script_timeout;
    if (PQsendQuery(handle_, sql.c_str()) != 1)
        lose(message_of(handle_));
    if (const auto started = next_result();
        started != nullptr && PQresultStatus(started.get()) != PGRES_COPY_OUT)
        record(started.get(), false);
    while (!failure_) {
        char* piece = nullptr;
        const int size = PQgetCopyData(handle_, &piece, 1);
        if (size > 0) {
            const std::unique_ptr<char, decltype(&PQfreemem)> owner{piece, &PQfreemem};
            if (auto received = receive({piece, static_cast<std::size_t>(size)}); !received) {
                lose("the copy was given up");
                return received;
            }
            deadline_ = steady_clock::now() + script_timeout;
        } else if (size < 0) {
            break;
        } else if (!wait(false) || PQconsumeInput(handle_) == 0) {
            lose(message_of(handle_));
        }
    }
    while (auto next = next_result())
        if (PQresultStatus(next.get()) != PGRES_COMMAND_OK)
            record(next.get(), false);
    enter_pipeline();
    if (failure_)
        return std::unexpected(failure_->error);
    return {};
}

result<void> connection::copy_in(const std::string& sql, const std::function<result<std::string>()>& next) {
    if (failure_)
        return std::unexpected(failure_->error);
    open_transaction();
    if (!leave_pipeline())
        return std::unexpected(unusable());
    deadline_ = steady_clock::now() + script_timeout;
    if (PQsendQuery(handle_, sql.c_str()) != 1)
        lose(message_of(handle_));
    if (const auto started = next_result();
        started != nullptr && PQresultStatus(started.get()) != PGRES_COPY_IN)
        record(started.get(), false);
    while (!failure_) {
        const auto piece = next();
        if (!piece) {
            lose("the copy was given up");
            return std::unexpected(piece.error());
        }
        if (piece->empty())
            break;
        deadline_ = steady_clock::now() + script_timeout;
        int taken = 0;
        while (!lost_ &&
               (taken = PQputCopyData(handle_, piece->data(), static_cast<int>(piece->size()))) == 0)
            wait(true);
        if (taken < 0)
            lose(message_of(handle_));
        else
            flush();
    }
    while (!lost_ && PQputCopyEnd(handle_, nullptr) == 0)
        wait(true);
    while (auto ended = next_result())
        if (PQresultStatus(ended.get()) != PGRES_COMMAND_OK)
            record(ended.get(), false);
    enter_pipeline();
    if (failure_)
        return std::unexpected(failure_->error);
    return {};
}

void connection::begin(isolation level) noexcept {
    isolation_ = level;
    wanted_ = true;
    begun_ = false;
    savepoint_wanted_ = savepoint_sent_ = false;
    entities_locked_ = false;
}

connection::commit_outcome connection::commit() {
    wanted_ = false;
    if (!std::exchange(begun_, false))
        return commit_outcome::committed;
    if (failure_) {
        begun_ = true;
        const auto cause = failure_;
        roll_back();
        failure_ = cause;
        return commit_outcome::rolled_back;
    }
    warning_.clear();
    send_control("COMMIT");
    if (!lost_)
        sent_.back().later = false;
    const auto ended = receive_all();
    if (lost_)
        return commit_outcome::unknown;
    if (!ended) {
        begun_ = true;
        const auto cause = failure_;
        roll_back();
        if (!lost_)
            failure_ = cause;
        return commit_outcome::rolled_back;
    }
    if (std::string_view{PQcmdStatus(ended->get())} != "COMMIT") {
        failure_ = postgres::failure{.state = {},
                                     .lost = false,
                                     .later = true,
                                     .error = unreachable(),
                                     .cause = "the server rolled the transaction back"};
        return commit_outcome::rolled_back;
    }
    if (!warning_.empty()) {
        log::write(log::level::error, "a commit was not replicated", {{"cause", warning_}});
        return commit_outcome::not_replicated;
    }
    return commit_outcome::committed;
}

void connection::roll_back() {
    wanted_ = false;
    savepoint_wanted_ = savepoint_sent_ = false;
    const bool begun = std::exchange(begun_, false);
    if (lost_)
        return;
    failure_.reset();
    if (!begun)
        return;
    send_control("ROLLBACK");
    (void)receive_all();
    if (!lost_)
        failure_.reset(); // of a statement for which nobody waited
}

result<void> connection::lock_entities() {
    if (std::exchange(entities_locked_, true))
        return {};
    locked_in_savepoint_ = savepoint_wanted_;
    return run_later("SELECT pg_advisory_xact_lock($1)", entities_lock);
}

void connection::set_savepoint() noexcept {
    savepoint_wanted_ = true;
    savepoint_sent_ = false;
    locked_in_savepoint_ = false;
}

void connection::release_savepoint() {
    savepoint_wanted_ = false;
    if (std::exchange(savepoint_sent_, false))
        send_control("RELEASE SAVEPOINT unit");
}

void connection::roll_back_to_savepoint() {
    savepoint_wanted_ = false;
    const bool was_set = std::exchange(savepoint_sent_, false);
    if (std::exchange(locked_in_savepoint_, false))
        entities_locked_ = false;
    if (lost_)
        return;
    failure_.reset();
    if (!was_set)
        return;
    send_control("ROLLBACK TO SAVEPOINT unit");
    send_control("RELEASE SAVEPOINT unit");
}

} // namespace breakwater::storage::postgres

#include "storage/sqlite/sql_console.hpp"

#include "base/calendar.hpp"
#include "domain/category.hpp"
#include "storage/sqlite/open_reader.hpp"
#include "storage/sqlite/readings_table.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace breakwater::storage::sqlite {

namespace {

constexpr std::int64_t cache_kib = 8 * 1024;

constexpr const char* views = R"(
    CREATE TEMP VIEW users AS
        SELECT id, email, CASE role WHEN 1 THEN 'admin' ELSE 'user' END AS role, time_text(created_at) AS created_at,
               time_text(disabled_at) AS disabled_at
        FROM main.users;
    CREATE TEMP VIEW devices AS
        SELECT uuid_text(id) AS id, name, category_text(category) AS category,
               CASE status WHEN 1 THEN 'blocked' ELSE 'active' END AS status, owner AS owner_id,
               time_text(created_at) AS created_at, time_text(updated_at) AS updated_at,
               time_text(deactivated_at) AS deactivated_at, simulated, time_text(signed_in_at) AS signed_in_at,
               time_text(first_heard_at) AS first_heard_at,
               CASE block_author WHEN 0 THEN 'owner' WHEN 1 THEN 'rule' WHEN 2 THEN 'administrator' END AS block_author,
               blocked_by, block_reason, time_text(blocked_at) AS blocked_at, block_alert AS block_alert_id
        FROM main.devices;
    CREATE TEMP VIEW credentials AS
        SELECT c.id, uuid_text(d.id) AS device_id, c.user AS user_id, CASE c.kind WHEN 0 THEN 'device_secret' END AS kind,
               scopes, time_text(c.created_at) AS created_at, time_text(expires_at) AS expires_at,
               time_text(last_used_at) AS last_used_at
        FROM main.credentials AS c LEFT JOIN main.devices AS d ON d.key = c.device;
    CREATE TEMP VIEW security_events AS
        SELECT id, time_text(created_at) AS created_at, actor_type, actor_id, event_type, status, detail,
               source_address, request_id, route, simulated, count, nullif(target_type, '') AS target_type,
               nullif(target_id, '') AS target_id, other_targets, unlisted_targets
        FROM main.security_events;
    CREATE TEMP VIEW event_targets AS
        SELECT kind AS target_type, object AS target_id, event AS event_id, time_text(at) AS created_at
        FROM main.event_targets;
    CREATE TEMP VIEW alert_rules AS
        SELECT r.id, r.name, CASE severity WHEN 0 THEN 'info' WHEN 1 THEN 'warning' ELSE 'critical' END AS severity, enabled,
               category_text(r.category) AS category, uuid_text(d.id) AS device_id, quarantine,
               owner_may_release, CASE kind WHEN 0 THEN 'field' WHEN 1 THEN 'silence' ELSE 'security' END AS kind, field,
               CASE test WHEN 0 THEN 'above' WHEN 1 THEN 'below' WHEN 2 THEN 'outside' WHEN 3 THEN 'changes_to'
                         WHEN 4 THEN 'changes_faster' END AS test,
               low, high, value, hysteresis, hold AS hold_seconds, intervals,
               CASE incident WHEN 0 THEN 'refused_logins' WHEN 1 THEN 'replayed_refresh_token' WHEN 2 THEN 'forged_tokens'
                             WHEN 3 THEN 'device_flood' WHEN 4 THEN 'password_spraying' WHEN 5 THEN 'device_probing'
                             WHEN 6 THEN 'admin_probing' WHEN 7 THEN 'wrong_device_secrets' END AS incident,
               count, within AS within_seconds, time_text(r.created_at) AS created_at, time_text(r.updated_at) AS updated_at
        FROM main.alert_rules AS r LEFT JOIN main.devices AS d ON d.key = r.device;
    CREATE TEMP VIEW alerts AS
        SELECT a.id, rule AS rule_id, rule_name, CASE kind WHEN 0 THEN 'field' WHEN 1 THEN 'silence' ELSE 'security' END AS kind,
               CASE severity WHEN 0 THEN 'info' WHEN 1 THEN 'warning' ELSE 'critical' END AS severity,
               uuid_text(a.device_id) AS device_id, coalesce(d.name, a.device_name) AS device_name, subject, summary,
               CASE state WHEN 0 THEN 'open' WHEN 1 THEN 'acknowledged' ELSE 'resolved' END AS state, count, quarantined, late,
               time_text(raised_at) AS raised_at, time_text(last_raised_at) AS last_raised_at,
               time_text(acknowledged_at) AS acknowledged_at, acknowledged_by, time_text(resolved_at) AS resolved_at,
               resolved_by, note, a.simulated
        FROM main.alerts AS a LEFT JOIN main.devices AS d ON d.key = a.device;
    CREATE TEMP VIEW webhooks AS
        SELECT id, name, url, CASE min_severity WHEN 0 THEN 'info' WHEN 1 THEN 'warning' ELSE 'critical' END AS min_severity,
               enabled, time_text(created_at) AS created_at, time_text(updated_at) AS updated_at
        FROM main.webhooks;
    CREATE TEMP VIEW webhook_deliveries AS
        SELECT id, destination AS webhook_id, payload AS body, CASE state WHEN 0 THEN 'pending' WHEN 1 THEN 'delivered' ELSE 'dead' END AS state,
               attempts, time_text(next_attempt_at) AS next_attempt_at, time_text(created_at) AS created_at,
               CASE state WHEN 1 THEN time_text(finished_at) END AS delivered_at, last_error, last_status
        FROM main.outbox WHERE kind = 0;
)";

void set_text(sqlite3_context* context, std::string_view text) {
    sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void uuid_text(sqlite3_context* context, int, sqlite3_value** arguments) {
    uuid id;
    if (sqlite3_value_type(*arguments) != SQLITE_BLOB ||
        sqlite3_value_bytes(*arguments) != static_cast<int>(id.bytes.size()))
        return;
    const auto* bytes = static_cast<const std::uint8_t*>(sqlite3_value_blob(*arguments));
    std::copy_n(bytes, id.bytes.size(), id.bytes.begin());
    set_text(context, id.to_string());
}

void time_text(sqlite3_context* context, int, sqlite3_value** arguments) {
    if (sqlite3_value_type(*arguments) != SQLITE_INTEGER)
        return;
    if (const timestamp at{timestamp::duration{sqlite3_value_int64(*arguments)}}; is_in_calendar(at))
        set_text(context, sql_time(at));
}

void category_text(sqlite3_context* context, int, sqlite3_value** arguments) {
    if (sqlite3_value_type(*arguments) != SQLITE_INTEGER)
        return;
    const auto number = sqlite3_value_int64(*arguments);
    if (number >= 0 && std::cmp_less(number, category_count))
        set_text(context, info(static_cast<category>(number)).slug);
}

sql_value::kind kind_of(int type) noexcept {
    switch (type) {
    case SQLITE_INTEGER: return sql_value::kind::integer;
    case SQLITE_FLOAT: return sql_value::kind::real;
    case SQLITE_TEXT: return sql_value::kind::text;
    case SQLITE_BLOB: return sql_value::kind::blob;
    default: return sql_value::kind::null;
    }
}

struct finalizer {
    void operator()(sqlite3_stmt* used) const noexcept { sqlite3_finalize(used); }
};
using prepared = std::unique_ptr<sqlite3_stmt, finalizer>;

class console final : public sql_console {
public:
    explicit console(std::unique_ptr<connection> db) : db_{std::move(db)} {}

    result<void> prepare() {
        for (const auto& [name, function] :
             {std::pair{"uuid_text", &uuid_text}, std::pair{"time_text", &time_text},
              std::pair{"category_text", &category_text}})
            if (const int code = sqlite3_create_function_v2(
                    handle(), name, 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, nullptr,
                    function, nullptr, nullptr, nullptr);
                code != SQLITE_OK)
                return std::unexpected(db_->record_failure(code));
        if (auto done = db_->execute_script("PRAGMA query_only = OFF"); !done)
            return done;
        if (auto done = db_->execute_script(views); !done)
            return done;
        if (auto done = db_->execute_script("PRAGMA query_only = ON"); !done)
            return done;
        sqlite3_limit(handle(), SQLITE_LIMIT_ATTACHED, 0);
        return add_readings_table(*db_, shared_);
    }

    result<void> run(const std::string& statements, sql_sink& sink) override {
        const char* rest = statements.c_str();
        const char* const end = rest + statements.size();
        while (rest != end) {
            // One transaction per statement: each statement sees all changes that were committed before it.
            if (auto begun = db_->execute_script("BEGIN"); !begun)
                return begun;
            auto done = run_first(rest, end, sink);
            if (db_->in_transaction())
                (void)db_->execute_script("COMMIT");
            if (!done)
                return done;
        }
        return {};
    }

private:
    [[nodiscard]] sqlite3* handle() const noexcept { return db_->handle(); }
    [[nodiscard]] std::unexpected<error> failure() const {
        std::string message = sqlite3_errmsg(handle());
        if (!message.ends_with('.'))
            message += '.';
        return fail(errc::invalid_input, std::move(message));
    }

    /// Runs the first statement of `rest`, and advances `rest` past it.
    result<void> run_first(const char*& rest, const char* end, sql_sink& sink) {
        const auto loaded = load_buffered(*db_, shared_.buffered, loaded_through_);
        if (!loaded)
            return std::unexpected(loaded.error());
        loaded_through_ = *loaded;
        sqlite3_stmt* prepared_handle = nullptr;
        const int code =
            sqlite3_prepare_v2(handle(), rest, static_cast<int>(end - rest), &prepared_handle, &rest);
        const prepared query{prepared_handle};
        if (code != SQLITE_OK)
            return failure();
        return prepared_handle == nullptr ? result<void>{} : send_rows(prepared_handle, sink);
    }

    result<void> send_rows(sqlite3_stmt* query, sql_sink& sink) {
        const int columns = sqlite3_column_count(query);
        std::vector<std::string_view> names;
        names.reserve(static_cast<std::size_t>(columns));
        for (int n = 0; n < columns; ++n)
            names.emplace_back(sqlite3_column_name(query, n));
        if (columns > 0)
            if (auto sent = sink.head(names); !sent)
                return sent;
        std::vector<sql_value> cells(names.size());
        int code = SQLITE_OK;
        while ((code = sqlite3_step(query)) == SQLITE_ROW) {
            for (int n = 0; n < columns; ++n) {
                const auto kind = kind_of(sqlite3_column_type(query, n));
                const void* bytes = kind == sql_value::kind::blob ? sqlite3_column_blob(query, n)
                                                                  : sqlite3_column_text(query, n);
                const auto size = static_cast<std::size_t>(sqlite3_column_bytes(query, n));
                cells[static_cast<std::size_t>(n)] = {
                    kind,
                    size == 0 ? std::string_view{} : std::string_view{static_cast<const char*>(bytes), size}};
            }
            if (auto sent = sink.row(cells); !sent)
                return sent;
        }
        if (code != SQLITE_DONE)
            return failure();
        return columns > 0 ? sink.end() : result<void>{};
    }

    const system_clock machine_;
    shared_state shared_{machine_}; // before db_: it must outlive the connection
    std::unique_ptr<connection> db_;
    reading_id loaded_through_ = 0;
};

} // namespace

result<std::unique_ptr<sql_console>> sql_console::open(const std::filesystem::path& file) {
    auto db = open_reader({file, connection::access::read, cache_kib, {}});
    if (!db)
        return pass(std::move(db));
    auto opened = std::make_unique<console>(std::move(*db));
    if (auto done = opened->prepare(); !done)
        return pass(std::move(done));
    return opened;
}

bool sql_console::is_complete(const std::string& text) {
    return sqlite3_complete(text.c_str()) != 0;
}

} // namespace breakwater::storage::sqlite

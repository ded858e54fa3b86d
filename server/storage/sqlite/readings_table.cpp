#include "storage/sqlite/readings_table.hpp"

#include "base/time.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <deque>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace breakwater::storage::sqlite {

namespace {

enum column : int {
    device_id_column,
    id_column,
    received_column,
    measured_column,
    simulated_column,
    payload_column
};

constexpr const char* declaration =
    "CREATE TABLE readings (device_id TEXT, id INTEGER, received_at TEXT, device_timestamp TEXT,"
    " simulated INTEGER, payload TEXT)";

/// The conditions of a query that the table evaluates itself, in the order of their arguments.
enum plan : int { one_device = 1, from_below = 2, from_above = 4, newest_first = 8 };

constexpr std::size_t page_size = 2048; ///< several blocks, so that most are decoded only once

struct table : sqlite3_vtab {
    table(connection& file, shared_state& state) noexcept : sqlite3_vtab{}, db{file}, shared{state} {}
    connection& db;
    shared_state& shared;
};

/// Parses a time in the format of the table, or a prefix of one (`2026-01-31`): the first moment with this
/// prefix. Empty for all other texts, which SQLite only compares.
std::optional<timestamp> first_moment_of(std::string_view text) {
    constexpr std::string_view first = "0001-01-01T00:00:00Z";
    constexpr std::array<std::size_t, 5> prefix_lengths{4, 7, 10, 13, 16};
    std::string full{text};
    if (std::ranges::find(prefix_lengths, text.size()) != prefix_lengths.end())
        full += first.substr(text.size());
    if (full.size() < first.size() || full[10] != 'T' || full.back() != 'Z')
        return std::nullopt;
    return parse_rfc3339(full);
}

class cursor : public sqlite3_vtab_cursor {
public:
    explicit cursor(table& source) noexcept
        : sqlite3_vtab_cursor{},
          table_{source},
          tables_{source.db},
          store_{tables_, source.shared, nullptr} {}

    /// `flags`: values of `plan`.
    result<void> start(int flags, std::span<sqlite3_value*> arguments) {
        devices_.clear();
        page_.clear();
        next_ = 0;
        order_ = (flags & newest_first) != 0 ? reading_order::newest_first : reading_order::oldest_first;
        filter_ = {.device_id = {}, .since = {}, .until = {}, .include_simulated = true};
        std::size_t next_argument = 0;
        const auto text = [&]() -> std::string_view {
            sqlite3_value* argument = arguments[next_argument++];
            const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(argument));
            return bytes == nullptr
                       ? std::string_view{}
                       : std::string_view{bytes, static_cast<std::size_t>(sqlite3_value_bytes(argument))};
        };
        if ((flags & one_device) != 0) {
            if (const auto id = uuid::parse(text()))
                devices_.push_back(*id);
        } else if (auto listed = add_all_devices(); !listed) {
            return listed;
        }
        // SQLite compares the texts again: these bounds may include too much, but not too little.
        if ((flags & from_below) != 0)
            filter_.since = first_moment_of(text());
        if ((flags & from_above) != 0)
            if (const auto bound = first_moment_of(text()))
                filter_.until = *bound + std::chrono::seconds{1};
        return next_device();
    }

    result<void> advance() {
        ++next_;
        return next_ < page_.size() ? result<void>{} : next_page();
    }

    [[nodiscard]] bool at_end() const noexcept { return next_ >= page_.size(); }
    [[nodiscard]] const reading& row() const { return page_[next_]; }

private:
    result<void> add_all_devices() {
        statement query = table_.db.prepare("SELECT id FROM main.devices ORDER BY id");
        const auto done =
            query.rows([this](const statement& row) { return devices_.emplace_back(row.id(0)); });
        return done ? result<void>{} : std::unexpected(done.error());
    }

    result<void> next_device() {
        page_.clear();
        next_ = 0;
        while (page_.empty() && !devices_.empty()) {
            filter_.device_id = devices_.front();
            devices_.pop_front();
            if (auto read = read_page(std::nullopt); !read)
                return read;
        }
        return {};
    }

    result<void> next_page() {
        const reading_position last{page_.back().received_at, page_.back().id};
        if (auto read = read_page(last); !read)
            return read;
        return page_.empty() ? next_device() : result<void>{};
    }

    result<void> read_page(std::optional<reading_position> after) {
        next_ = 0;
        auto read = store_.page(filter_, order_, after, page_size);
        if (!read)
            return std::unexpected(read.error());
        page_ = std::move(*read);
        return {};
    }

    table& table_;
    series_tables tables_;
    engine::series_store store_;
    std::deque<device_id> devices_; ///< not visited yet
    reading_filter filter_{};
    reading_order order_ = reading_order::oldest_first;
    std::vector<reading> page_;
    std::size_t next_ = 0;
};

/// Runs a callback of SQLite: it must not throw, and reports a failure as a result code and a text.
template <class Work>
int guarded(sqlite3_vtab& base, Work work) noexcept {
    try {
        const result<void> done = work();
        if (done)
            return SQLITE_OK;
        sqlite3_free(base.zErrMsg);
        base.zErrMsg = sqlite3_mprintf("%s", done.error().detail.c_str());
        return SQLITE_ERROR;
    } catch (const std::bad_alloc&) {
        return SQLITE_NOMEM;
    } catch (const std::exception& exception) {
        sqlite3_free(base.zErrMsg);
        base.zErrMsg = sqlite3_mprintf("%s", exception.what());
        return SQLITE_ERROR;
    }
}

struct source {
    connection& db;
    shared_state& shared;
};

int connect(sqlite3* db, void* client, int, const char* const*, sqlite3_vtab** out, char**) noexcept {
    if (const int code = sqlite3_declare_vtab(db, declaration); code != SQLITE_OK)
        return code;
    const auto& context = *static_cast<source*>(client);
    *out = new (std::nothrow) table{context.db, context.shared};
    return *out == nullptr ? SQLITE_NOMEM : SQLITE_OK;
}

int disconnect(sqlite3_vtab* connected) noexcept {
    delete static_cast<table*>(connected);
    return SQLITE_OK;
}

int best_index(sqlite3_vtab*, sqlite3_index_info* query) noexcept {
    const auto usable = [&](int column_number, auto fits) {
        for (int n = 0; n < query->nConstraint; ++n)
            if (const auto& candidate = query->aConstraint[n];
                candidate.usable != 0 && candidate.iColumn == column_number && fits(candidate.op))
                return n;
        return -1;
    };
    const std::array parts{
        std::pair{+one_device,
                  usable(device_id_column, [](int op) { return op == SQLITE_INDEX_CONSTRAINT_EQ; })},
        std::pair{+from_below, usable(received_column,
                                      [](int op) {
                                          return op == SQLITE_INDEX_CONSTRAINT_GT ||
                                                 op == SQLITE_INDEX_CONSTRAINT_GE;
                                      })},
        std::pair{+from_above, usable(received_column, [](int op) {
                      return op == SQLITE_INDEX_CONSTRAINT_LT || op == SQLITE_INDEX_CONSTRAINT_LE;
                  })}};
    int arguments = 0;
    query->estimatedCost = 1e9;
    query->estimatedRows = 100'000'000;
    for (const auto& [part, constraint] : parts) {
        if (constraint < 0)
            continue;
        query->idxNum |= part;
        query->aConstraintUsage[constraint].argvIndex = ++arguments;
        query->estimatedCost /= part == one_device ? 1000 : 10;
        query->estimatedRows /= part == one_device ? 1000 : 10;
    }
    if ((query->idxNum & one_device) != 0 && query->nOrderBy == 1 &&
        query->aOrderBy[0].iColumn == received_column) {
        query->orderByConsumed = 1;
        if (query->aOrderBy[0].desc != 0)
            query->idxNum |= newest_first;
    }
    return SQLITE_OK;
}

int open_cursor(sqlite3_vtab* connected, sqlite3_vtab_cursor** out) noexcept {
    *out = new (std::nothrow) cursor{*static_cast<table*>(connected)};
    return *out == nullptr ? SQLITE_NOMEM : SQLITE_OK;
}

int close_cursor(sqlite3_vtab_cursor* base) noexcept {
    delete static_cast<cursor*>(base);
    return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor* base, int flags, const char*, int count, sqlite3_value** arguments) noexcept {
    return guarded(*base->pVtab, [&] {
        return static_cast<cursor*>(base)->start(flags, {arguments, static_cast<std::size_t>(count)});
    });
}

int advance(sqlite3_vtab_cursor* base) noexcept {
    return guarded(*base->pVtab, [&] { return static_cast<cursor*>(base)->advance(); });
}

int at_end(sqlite3_vtab_cursor* base) noexcept {
    return static_cast<cursor*>(base)->at_end() ? 1 : 0;
}

void set_text(sqlite3_context* context, std::string_view text) {
    sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

int cell(sqlite3_vtab_cursor* base, sqlite3_context* context, int column_number) noexcept {
    return guarded(*base->pVtab, [&]() -> result<void> {
        const reading& row = static_cast<cursor*>(base)->row();
        switch (column_number) {
        case device_id_column: set_text(context, row.device_id.to_string()); break;
        case id_column: sqlite3_result_int64(context, row.id); break;
        case received_column: set_text(context, sql_time(row.received_at)); break;
        case measured_column:
            if (row.device_timestamp)
                set_text(context, sql_time(*row.device_timestamp));
            break;
        case simulated_column: sqlite3_result_int(context, row.simulated ? 1 : 0); break;
        default: set_text(context, row.payload);
        }
        return {};
    });
}

int row_id(sqlite3_vtab_cursor* base, sqlite3_int64* id) noexcept {
    *id = static_cast<cursor*>(base)->row().id;
    return SQLITE_OK;
}

// Without xCreate the table exists in each connection under the module's name; without xUpdate it is
// read-only.
constexpr sqlite3_module readings_module = [] {
    sqlite3_module methods{};
    methods.xConnect = connect;
    methods.xBestIndex = best_index;
    methods.xDisconnect = disconnect;
    methods.xOpen = open_cursor;
    methods.xClose = close_cursor;
    methods.xFilter = filter;
    methods.xNext = advance;
    methods.xEof = at_end;
    methods.xColumn = cell;
    methods.xRowid = row_id;
    return methods;
}();

} // namespace

result<void> add_readings_table(connection& db, shared_state& shared) {
    auto context = std::make_unique<source>(db, shared);
    const int code = sqlite3_create_module_v2(db.handle(), "readings", &readings_module, context.release(),
                                              [](void* client) { delete static_cast<source*>(client); });
    return code == SQLITE_OK ? result<void>{} : std::unexpected(db.record_failure(code));
}

std::string sql_time(timestamp at) {
    std::string text = format_rfc3339(at);
    if (constexpr std::size_t seconds_end = 19; text.size() == seconds_end + 1)
        text.insert(seconds_end, ".000000");
    return text;
}

} // namespace breakwater::storage::sqlite

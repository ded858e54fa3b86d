#include "contract/backend.hpp"

#include "storage/postgres/postgres_database.hpp"
#include "storage/sqlite/sqlite_database.hpp"
#include "support/postgres_server.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <set>

namespace breakwater::storage::contract {

namespace {

result<std::unique_ptr<database>> open_sqlite(const std::filesystem::path& folder,
                                              const open_options& options) {
    return sqlite::open({.file = folder / "store.db",
                         .max_queued_writes = options.max_queued_writes,
                         .max_group = options.max_group,
                         .min_free_bytes = options.min_free_bytes,
                         .background_compaction = false,
                         .time = options.time});
}

/// The message of the error; empty on success.
std::string run_sql(const std::filesystem::path& file, const std::string& sql) {
    sqlite3* raw = nullptr;
    std::string message = "can't open";
    if (sqlite3_open(file.c_str(), &raw) == SQLITE_OK)
        message =
            sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK ? "" : sqlite3_errmsg(raw);
    sqlite3_close(raw);
    return message;
}

std::vector<audit_attack> attack_with_sql(const std::filesystem::path& folder) {
    std::vector<audit_attack> attacks;
    for (const char* sql :
         {"UPDATE security_events SET detail = 'x'", "UPDATE OR IGNORE security_events SET count = 2",
          "DELETE FROM security_events", "DELETE FROM security_events WHERE id = 1",
          "REPLACE INTO security_events SELECT id, created_at, actor_type, actor_id, event_type,"
          " status, 'x', source_address, request_id, route, simulated, count, target_type, target_id,"
          " other_targets, unlisted_targets FROM security_events",
          "DELETE FROM event_targets", "UPDATE event_targets SET object = 'x'"})
        attacks.push_back({sql, run_sql(folder / "store.db", sql).contains("append-only")});
    return attacks;
}

void restore_file(const std::filesystem::path& backup, const std::filesystem::path& folder) {
    std::filesystem::create_directory(folder);
    std::filesystem::copy_file(backup, folder / "store.db");
}

void no_clean_up(const std::filesystem::path& /*folder*/) {}

/// Each folder stands for a database of the test server.
std::string database_of(const std::filesystem::path& folder) {
    std::string name = "test";
    for (const char character : folder.string()) {
        const auto byte = static_cast<unsigned char>(character);
        name += std::isalnum(byte) != 0 ? static_cast<char>(std::tolower(byte)) : '_';
        if (std::isupper(byte) != 0) // SQL folds names to lower case
            name += '1';
    }
    return name;
}

std::set<std::string>& created_databases() {
    static std::set<std::string> names;
    return names;
}

postgres::options options_for(const std::filesystem::path& folder) {
    auto& server = test::postgres_server::instance();
    const std::string database = database_of(folder);
    if (created_databases().insert(database).second)
        server.create(database);
    return {.url = server.url_of(database)};
}

result<std::unique_ptr<database>> open_postgres(const std::filesystem::path& folder,
                                                const open_options& options) {
    static test::seeded_random random;
    postgres::options settings = options_for(folder);
    settings.readers = 8;
    settings.max_queued_writes = options.max_queued_writes;
    settings.max_group = options.max_group;
    settings.disk_bytes = std::uint64_t{1} << 40;
    settings.min_free_bytes = options.min_free_bytes;
    settings.background_compaction = false;
    settings.time = options.time;
    return postgres::open(settings, random);
}

std::vector<audit_attack> attack_postgres(const std::filesystem::path& folder) {
    std::vector<audit_attack> attacks;
    for (const char* sql :
         {"UPDATE security_events SET detail = 'x'", "DELETE FROM security_events",
          "DELETE FROM security_events WHERE id = 1", "TRUNCATE security_events",
          "INSERT INTO security_events (id, created_at, actor_type, actor_id, event_type, status, detail,"
          " source_address, request_id, route, simulated, count, target_type, target_id, other_targets,"
          " unlisted_targets) OVERRIDING SYSTEM VALUE SELECT id, created_at, actor_type, actor_id, "
          "event_type,"
          " status, 'x', source_address, request_id, route, simulated, count, target_type, target_id,"
          " other_targets, unlisted_targets FROM security_events"
          " ON CONFLICT (id) DO UPDATE SET detail = excluded.detail",
          "DELETE FROM event_targets", "UPDATE event_targets SET object = 'x'", "TRUNCATE event_targets"})
        attacks.push_back(
            {sql,
             test::postgres_server::instance().run_sql(database_of(folder), sql).contains("append-only")});
    return attacks;
}

void restore_postgres(const std::filesystem::path& backup, const std::filesystem::path& folder) {
    const auto restored = postgres::restore_backup(options_for(folder), backup);
    ASSERT_TRUE(restored) << restored.error().detail;
}

void drop_databases(const std::filesystem::path& folder) {
    std::erase_if(created_databases(), [&](const std::string& name) {
        if (!name.starts_with(database_of(folder)))
            return false;
        test::postgres_server::instance().drop(name);
        return true;
    });
}

} // namespace

std::ostream& operator<<(std::ostream& out, const backend& value) {
    return out << value.name;
}

const std::vector<backend>& backends() {
    static const std::vector<backend> all = [] {
        const backend on_sqlite{.name = "sqlite",
                                .open = open_sqlite,
                                .attack_audit_log = attack_with_sql,
                                .restore = restore_file,
                                .clean_up = no_clean_up};
        const backend on_postgres{.name = "postgres",
                                  .open = open_postgres,
                                  .attack_audit_log = attack_postgres,
                                  .restore = restore_postgres,
                                  .clean_up = drop_databases};
        std::vector<backend> out{on_sqlite, on_sqlite, on_postgres, on_postgres};
        for (const std::size_t compacted : {1, 3}) {
            out[compacted].name += "_compacted";
            out[compacted].compacted = true;
        }
        return out;
    }();
    return all;
}

std::string backend_name(const testing::TestParamInfo<backend>& info) {
    return info.param.name;
}

void storage_test::TearDown() {
    db_.reset();
    GetParam().clean_up(folder());
}

void storage_test::open(const open_options& options) {
    auto opened = GetParam().open(folder(), options);
    ASSERT_TRUE(opened) << opened.error().detail;
    db_ = std::move(*opened);
}

void storage_test::reopen(const open_options& options) {
    db_.reset();
    open(options);
}

void storage_test::write(catalogue::unit_of_work work) {
    const auto done = db_->write(std::move(work));
    ASSERT_TRUE(done) << done.error().detail;
    if (GetParam().compacted) {
        const auto compacted = db_->compact(true);
        ASSERT_TRUE(compacted) << compacted.error().detail;
    }
}

void storage_test::read(std::function<void(const snapshot&)> work) {
    const auto done = db_->read([&](const snapshot& state) -> result<void> {
        work(state);
        return {};
    });
    ASSERT_TRUE(done) << done.error().detail;
}

timestamp storage_test::at(std::int64_t seconds, std::int64_t micros) {
    return timestamp{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}} + std::chrono::seconds{seconds} +
           std::chrono::microseconds{micros};
}

user_id storage_test::add_user(const std::string& email) {
    user_id id = 0;
    write([&](transaction& tx) -> result<void> {
        auto added = tx.users().insert({.email = email, .password_hash = "hash", .created_at = at(0)});
        if (!added)
            return pass(std::move(added));
        id = *added;
        return {};
    });
    return id;
}

device storage_test::add_device(user_id owner, const std::string& name, std::int64_t created) {
    const device added{.id = new_id(),
                       .owner = owner,
                       .name = name,
                       .created_at = at(created),
                       .updated_at = at(created),
                       .deactivated_at = {}};
    write([&](transaction& tx) { return tx.devices().insert(added); });
    return added;
}

std::vector<reading> storage_test::add_readings(std::vector<reading> readings, bool prepared) {
    const auto preparation = prepared ? db_->prepare(readings) : nullptr;
    write([&](transaction& tx) { return tx.readings().append(readings, preparation.get()); });
    return readings;
}

} // namespace breakwater::storage::contract

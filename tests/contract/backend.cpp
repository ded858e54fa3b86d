#include "contract/backend.hpp"

#include "storage/sqlite/sqlite_database.hpp"

#include <sqlite3.h>

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

std::string tamper_with_sqlite(const std::filesystem::path& folder, const std::string& sql) {
    sqlite3* raw = nullptr;
    std::string message = "can't open";
    if (sqlite3_open((folder / "store.db").c_str(), &raw) == SQLITE_OK)
        message =
            sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK ? "" : sqlite3_errmsg(raw);
    sqlite3_close(raw);
    return message;
}

} // namespace

std::ostream& operator<<(std::ostream& out, const backend& value) {
    return out << value.name;
}

const std::vector<backend>& backends() {
    static const std::vector<backend> all{
        {"sqlite", open_sqlite, tamper_with_sqlite},
        {.name = "sqlite_compacted", .open = open_sqlite, .tamper = tamper_with_sqlite, .compacted = true}};
    return all;
}

std::string backend_name(const testing::TestParamInfo<backend>& info) {
    return info.param.name;
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

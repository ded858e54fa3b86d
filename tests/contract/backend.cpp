#include "contract/backend.hpp"

#include "storage/sqlite/sqlite_database.hpp"

#include <sqlite3.h>

namespace breakwater::storage::contract {

namespace {

result<std::unique_ptr<database>> open_sqlite(const std::filesystem::path& folder, const limits& bounds) {
    return sqlite::open({.file = folder / "store.db",
                         .max_queued_writes = bounds.max_queued_writes,
                         .max_group = bounds.max_group,
                         .min_free_bytes = bounds.min_free_bytes,
                         .compacts_by_itself = false,
                         .time = bounds.time});
}

std::string tamper_with_sqlite(const std::filesystem::path& folder, const std::string& sql) {
    sqlite3* raw = nullptr;
    std::string told = "can't open";
    if (sqlite3_open((folder / "store.db").c_str(), &raw) == SQLITE_OK)
        told =
            sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK ? "" : sqlite3_errmsg(raw);
    sqlite3_close(raw);
    return told;
}

} // namespace

std::ostream& operator<<(std::ostream& out, const backend& kind) {
    return out << kind.name;
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

void stored::open(const limits& bounds) {
    auto opened = GetParam().open(folder(), bounds);
    ASSERT_TRUE(opened) << opened.error().detail;
    db_ = std::move(*opened);
}

void stored::reopen(const limits& bounds) {
    db_.reset();
    open(bounds);
}

void stored::write(database::unit_of_work work) {
    const auto done = db_->write(std::move(work));
    ASSERT_TRUE(done) << done.error().detail;
    if (GetParam().compacted) {
        const auto compacted = db_->compact(true);
        ASSERT_TRUE(compacted) << compacted.error().detail;
    }
}

void stored::read(std::function<void(const snapshot&)> work) {
    const auto done = db_->read([&](const snapshot& state) -> result<void> {
        work(state);
        return {};
    });
    ASSERT_TRUE(done) << done.error().detail;
}

timestamp stored::at(std::int64_t seconds, std::int64_t micros) {
    return timestamp{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}} + std::chrono::seconds{seconds} +
           std::chrono::microseconds{micros};
}

user_id stored::add_user(const std::string& email) {
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

device stored::add_device(user_id owner, const std::string& name, std::int64_t created) {
    const device added{.id = new_id(),
                       .owner = owner,
                       .name = name,
                       .secret_hash = "secret",
                       .created_at = at(created),
                       .updated_at = at(created),
                       .deactivated_at = {}};
    write([&](transaction& tx) { return tx.devices().insert(added); });
    return added;
}

std::vector<reading> stored::add_readings(std::vector<reading> readings, bool prepared) {
    const auto work = prepared ? db_->prepare(readings) : nullptr;
    write([&](transaction& tx) { return tx.readings().append(readings, work.get()); });
    return readings;
}

} // namespace breakwater::storage::contract

#include "support/backend.hpp"

#include "support/postgres_server.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>

namespace breakwater::test {

namespace {

constexpr std::string_view sqlite_scheme = "sqlite:///";

/// The databases in PostgreSQL, by the folders of their servers.
class databases : public testing::EmptyTestEventListener {
public:
    static databases& instance() {
        // GoogleTest deletes it.
        static databases* const all = [] {
            auto created = std::make_unique<databases>();
            testing::UnitTest::GetInstance()->listeners().Append(created.get());
            return created.release();
        }();
        return *all;
    }

    std::string name_for(const std::filesystem::path& folder) {
        const std::lock_guard lock{mutex_};
        const auto [entry, is_new] = names_.try_emplace(folder);
        if (is_new) {
            entry->second = "e2e_" + std::to_string(++created_);
            postgres_server::instance().create(entry->second);
        }
        return entry->second;
    }

    void OnTestSuiteEnd(const testing::TestSuite& /*suite*/) override {
        const std::lock_guard lock{mutex_};
        for (const auto& [folder, name] : names_)
            postgres_server::instance().drop(name);
        names_.clear();
    }

private:
    std::mutex mutex_;
    std::map<std::filesystem::path, std::string> names_;
    int created_ = 0;
};

sql_rows run_sqlite(const std::string& file, const std::string& sql, int flags) {
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &opened, flags, nullptr);
    const std::unique_ptr<sqlite3, decltype(&sqlite3_close)> db{opened, &sqlite3_close};
    if (code != SQLITE_OK)
        throw std::runtime_error{"can't open " + file + ": " + sqlite3_errstr(code)};
    sqlite3_busy_timeout(db.get(), 5000);
    sql_rows rows;
    const auto add = [](void* target, int count, char** values, char**) {
        auto& row = static_cast<sql_rows*>(target)->emplace_back();
        for (int i = 0; i < count; ++i)
            row.emplace_back(values[i] == nullptr ? "" : values[i]);
        return 0;
    };
    if (sqlite3_exec(db.get(), sql.c_str(), add, &rows, nullptr) != SQLITE_OK)
        throw std::runtime_error{sql + ": " + sqlite3_errmsg(db.get())};
    return rows;
}

sql_rows run(std::string_view url, const std::string& sql, int sqlite_flags) {
    if (url.starts_with(sqlite_scheme))
        return run_sqlite(std::string{url.substr(sqlite_scheme.size())}, sql, sqlite_flags);
    return postgres_server::rows_of(std::string{url}, sql);
}

} // namespace

bool on_postgres() {
    static const bool chosen = [] {
        const char* backend = std::getenv("BREAKWATER_TEST_BACKEND"); // NOLINT(concurrency-mt-unsafe): once
        if (backend != nullptr && std::string_view{backend} != "postgres")
            throw std::runtime_error{"BREAKWATER_TEST_BACKEND must be postgres, or not set"};
        return backend != nullptr;
    }();
    return chosen;
}

std::string database_url_in(const std::filesystem::path& folder) {
    if (!on_postgres())
        return std::string{sqlite_scheme} + (folder / "iot.db").string();
    return postgres_server::instance().url_of(databases::instance().name_for(folder));
}

sql_rows query_database(std::string_view url, const std::string& sql) {
    return run(url, sql, SQLITE_OPEN_READONLY);
}

void change_database(std::string_view url, const std::string& sql) {
    (void)run(url, sql, SQLITE_OPEN_READWRITE);
}

} // namespace breakwater::test

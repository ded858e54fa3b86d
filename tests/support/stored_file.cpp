#include "support/stored_file.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace breakwater::test {

stored_file::stored_file(const std::filesystem::path& file) {
    const int code = sqlite3_open_v2(file.c_str(), &handle_, SQLITE_OPEN_READONLY, nullptr);
    if (code != SQLITE_OK) {
        sqlite3_close(handle_);
        throw std::runtime_error{"can't open " + file.string() + ": " + sqlite3_errstr(code)};
    }
    sqlite3_busy_timeout(handle_, 5000);
}

stored_file::~stored_file() {
    sqlite3_close(handle_);
}

std::vector<std::vector<std::string>> stored_file::rows(const char* query) const {
    std::vector<std::vector<std::string>> found;
    const auto add = [](void* to, int count, char** values, char**) {
        auto& row = static_cast<decltype(found)*>(to)->emplace_back();
        for (int i = 0; i < count; ++i)
            row.emplace_back(values[i] == nullptr ? "" : values[i]);
        return 0;
    };
    if (sqlite3_exec(handle_, query, add, &found, nullptr) != SQLITE_OK)
        throw std::runtime_error{std::string{query} + ": " + sqlite3_errmsg(handle_)};
    return found;
}

std::string stored_file::integrity() const {
    std::string all;
    for (const auto& row : rows("PRAGMA integrity_check"))
        all += (all.empty() ? "" : "\n") + row.front();
    return all;
}

std::multimap<std::int64_t, std::int64_t> stored_file::numbered_readings() const {
    std::multimap<std::int64_t, std::int64_t> found;
    for (const auto& row : rows("SELECT payload ->> '$.n', id FROM readings WHERE payload LIKE '{\"n\":%'"))
        found.emplace(std::stoll(row[0]), std::stoll(row[1]));
    return found;
}

std::set<std::string> stored_file::audited_requests() const {
    std::set<std::string> found;
    for (const auto& row : rows("SELECT request_id FROM security_events"))
        found.insert(row.front());
    return found;
}

} // namespace breakwater::test

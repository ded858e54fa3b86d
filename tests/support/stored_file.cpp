#include "support/stored_file.hpp"

#include "support/child_process.hpp"

#include <boost/json/parse.hpp>

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace breakwater::test {

stored_file::stored_file(const std::filesystem::path& file) : file_{file} {
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
    std::vector<std::vector<std::string>> rows_read;
    const auto add = [](void* target, int count, char** values, char**) {
        auto& row = static_cast<decltype(rows_read)*>(target)->emplace_back();
        for (int i = 0; i < count; ++i)
            row.emplace_back(values[i] == nullptr ? "" : values[i]);
        return 0;
    };
    if (sqlite3_exec(handle_, query, add, &rows_read, nullptr) != SQLITE_OK)
        throw std::runtime_error{std::string{query} + ": " + sqlite3_errmsg(handle_)};
    return rows_read;
}

std::string stored_file::integrity() const {
    std::string all;
    for (const auto& row : rows("PRAGMA integrity_check"))
        all += (all.empty() ? "" : "\n") + row.front();
    return all;
}

std::string stored_file::exported() const {
    const std::unique_ptr<std::FILE, decltype(&std::fclose)> out{std::tmpfile(), &std::fclose};
    if (out == nullptr)
        throw std::runtime_error{"can't create a temporary file"};
    const pid_t child = start_child(
        {binary(), "export", "--all", "--include-simulated", "--format", "ndjson", "--output", "-"},
        {{"DATABASE_URL", "sqlite:///" + file_.string()}}, file_.parent_path(), -1, ::fileno(out.get()),
        STDERR_FILENO);
    int status = 0;
    if (::waitpid(child, &status, 0) != child || exit_code_of(status) != 0)
        throw std::runtime_error{"can't export the readings in " + file_.string()};
    const auto unreadable = [this] {
        return std::runtime_error{"can't read the exported readings of " + file_.string()};
    };
    if (std::fseek(out.get(), 0, SEEK_SET) != 0)
        throw unreadable();
    std::string text;
    std::array<char, 64 * 1024> buffer{};
    while (std::feof(out.get()) == 0) {
        text.append(buffer.data(), std::fread(buffer.data(), 1, buffer.size(), out.get()));
        if (std::ferror(out.get()) != 0)
            throw unreadable();
    }
    return text;
}

std::multimap<std::int64_t, std::int64_t> stored_file::numbered_readings() const {
    std::multimap<std::int64_t, std::int64_t> readings;
    std::istringstream lines{exported()};
    for (std::string line; std::getline(lines, line);) {
        const auto row = boost::json::parse(line);
        if (const auto* n = row.at("payload").as_object().if_contains("n"))
            readings.emplace(n->to_number<std::int64_t>(), row.at("id").to_number<std::int64_t>());
    }
    return readings;
}

std::set<std::string> stored_file::audited_requests() const {
    std::set<std::string> ids;
    for (const auto& row : rows("SELECT request_id FROM security_events"))
        ids.insert(row.front());
    return ids;
}

} // namespace breakwater::test

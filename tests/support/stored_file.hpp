#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

struct sqlite3;

namespace breakwater::test {

/// Reads the database file directly, while the server runs (otherwise this read would recover the file).
/// Throws on SQLite errors.
class stored_file {
public:
    explicit stored_file(const std::filesystem::path& file);
    ~stored_file();
    stored_file(const stored_file&) = delete;
    stored_file& operator=(const stored_file&) = delete;

    /// The result of `PRAGMA integrity_check`: "ok", or the problems.
    [[nodiscard]] std::string integrity() const;
    /// The readings with a number `n` in their payload: from that number to the reading id.
    [[nodiscard]] std::multimap<std::int64_t, std::int64_t> numbered_readings() const;
    /// The request ids in the audit log.
    [[nodiscard]] std::set<std::string> audited_requests() const;

private:
    /// All readings, exported by the program while the server runs.
    [[nodiscard]] std::string exported() const;
    [[nodiscard]] std::vector<std::vector<std::string>> rows(const char* query) const;

    std::filesystem::path file_;
    sqlite3* handle_ = nullptr;
};

} // namespace breakwater::test

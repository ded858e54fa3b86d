#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

struct sqlite3;

namespace breakwater::test {

/// A look into the database file itself, beside the server that runs on it (else the look would be the one
/// that recovers the file). Every call throws where SQLite refuses.
class stored_file {
public:
    explicit stored_file(const std::filesystem::path& file);
    ~stored_file();
    stored_file(const stored_file&) = delete;
    stored_file& operator=(const stored_file&) = delete;

    /// What `PRAGMA integrity_check` finds: "ok", or what is wrong.
    [[nodiscard]] std::string integrity() const;
    /// The readings with a number `n` in their payload: the number, and the reading's id.
    [[nodiscard]] std::multimap<std::int64_t, std::int64_t> numbered_readings() const;
    /// The request ids that the audit log names.
    [[nodiscard]] std::set<std::string> audited_requests() const;

private:
    /// All readings, as the program exports them beside a server.
    [[nodiscard]] std::string exported() const;
    [[nodiscard]] std::vector<std::vector<std::string>> rows(const char* query) const;

    std::filesystem::path file_;
    sqlite3* handle_ = nullptr;
};

} // namespace breakwater::test

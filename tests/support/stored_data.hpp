#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace breakwater::test {

/// What a server has stored, read without its API. Throws on errors.
class stored_data {
public:
    /// `database_url`: as in DATABASE_URL.
    explicit stored_data(std::string database_url) : url_{std::move(database_url)} {}

    /// The result of `PRAGMA integrity_check`: "ok", or the problems. PostgreSQL has no such check: "ok".
    [[nodiscard]] std::string integrity() const;
    /// The readings with a number `n` in their payload: from that number to the reading id.
    [[nodiscard]] std::multimap<std::int64_t, std::int64_t> numbered_readings() const;
    /// The payloads of all readings that are not simulated.
    [[nodiscard]] std::vector<std::string> real_payloads() const;
    /// The request ids in the audit log.
    [[nodiscard]] std::set<std::string> audited_requests() const;

private:
    /// All readings, exported by the program.
    [[nodiscard]] std::string exported() const;

    std::string url_;
};

} // namespace breakwater::test

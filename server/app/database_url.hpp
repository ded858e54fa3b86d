#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace breakwater::app {

/// Where the database is: in a SQLite file, or in a PostgreSQL server.
class database_url {
public:
    /// A SQLite file. The path may be relative to the current folder.
    explicit database_url(std::filesystem::path file) : file_{std::move(file)} {}

    [[nodiscard]] bool is_postgres() const noexcept { return !url_.empty(); }
    /// REQUIRES: `!is_postgres()`.
    [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }
    /// For libpq; may contain passwords. REQUIRES: `is_postgres()`.
    [[nodiscard]] const std::string& connection_string() const noexcept { return url_; }
    /// The URL for people and logs: asterisks replace passwords.
    [[nodiscard]] std::string shown() const;
    /// Whether the database server may be on another machine, and the URL doesn't demand that its certificate
    /// is verified (`sslmode=verify-ca` or `verify-full`). False for a SQLite file.
    [[nodiscard]] bool trusts_any_server() const noexcept { return trusts_any_server_; }

private:
    friend result<database_url> parse_database_url(std::string_view text);
    database_url(std::string url, std::string masked, bool trusts_any_server)
        : url_{std::move(url)}, masked_{std::move(masked)}, trusts_any_server_{trusts_any_server} {}

    std::filesystem::path file_;
    std::string url_;
    std::string masked_;
    bool trusts_any_server_ = false;
};

/// Parses `sqlite:///` and a path, or a URL of libpq (`postgresql://` or `postgres://`). The `detail` of
/// `invalid_input` continues a sentence that begins with the name of the setting or option: "must be …". It
/// quotes nothing of the text.
[[nodiscard]] result<database_url> parse_database_url(std::string_view text);

} // namespace breakwater::app

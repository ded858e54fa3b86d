#pragma once

#include "support/temp_folder.hpp"

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::test {

/// A PostgreSQL server in a temporary folder. It listens on a socket in this folder, and doesn't sync its
/// files. The destructor ends it; the kernel ends it if this process dies.
class postgres_server {
public:
    /// Starts the server. If this process runs as root, the server runs as the user `postgres`, or `nobody`:
    /// it refuses root. Throws std::runtime_error.
    postgres_server();
    ~postgres_server();
    postgres_server(const postgres_server&) = delete;
    postgres_server& operator=(const postgres_server&) = delete;

    /// Ends the server at once, as a crash would.
    void stop();
    /// REQUIRES: `stop` was called.
    void start();

    /// The server of this process, started at the first call.
    static postgres_server& instance();

    /// The folder with the socket.
    [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_.path(); }
    /// A connection string, as a URL.
    [[nodiscard]] std::string url_of(std::string_view database) const;
    /// Creates a database without tables. Throws std::runtime_error.
    void create(const std::string& database);
    void drop(const std::string& database);
    /// The message of the error; empty on success.
    std::string run_sql(std::string_view database, const std::string& sql) const;
    /// The rows of a query; NULL becomes an empty text. `url`: a connection string. Throws
    /// std::runtime_error.
    static std::vector<std::vector<std::string>> rows_of(const std::string& url, const std::string& sql);
    /// The first column of the first row; empty without a row.
    [[nodiscard]] std::string value_of(std::string_view database, const std::string& sql) const;

private:
    temp_folder folder_;
    pid_t process_ = 0;
};

} // namespace breakwater::test

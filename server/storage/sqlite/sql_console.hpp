#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace breakwater::storage::sqlite {

/// A cell of a result. `text` is the decimal form of a number, or the bytes of a blob.
struct sql_value {
    enum class kind : std::uint8_t { null, integer, real, text, blob };
    kind type;
    std::string_view text;
};

/// Receives the results of statements. Arguments are valid only during the call.
class sql_sink {
public:
    virtual ~sql_sink() = default;
    /// Called before the rows of a statement that has columns.
    virtual result<void> head(std::span<const std::string_view> columns) = 0;
    virtual result<void> row(std::span<const sql_value> cells) = 0;
    /// Called after the last row of that statement.
    virtual result<void> end() = 0;
};

/// Runs SQL queries over a database file, for people who want to inspect it while a server uses it. It can't
/// change anything. Besides the tables of the file there is the table `readings` (readings_table.hpp). Views
/// such as `users`, `devices` and `security_events` replace the tables of the same names (which are available
/// as `main.users` and so on): they show ids, times and kinds in the API's format, and no secrets. For one
/// thread.
class sql_console {
public:
    static result<std::unique_ptr<sql_console>> open(const std::filesystem::path& file);
    virtual ~sql_console() = default;

    /// Runs statements separated by semicolons, each over one consistent state of the file. Stops at the
    /// first that fails: `invalid_input` with SQLite's message, or the sink's error.
    virtual result<void> run(const std::string& statements, sql_sink& sink) = 0;
    /// Whether a text ends with a complete statement.
    [[nodiscard]] static bool is_complete(const std::string& text);
};

} // namespace breakwater::storage::sqlite

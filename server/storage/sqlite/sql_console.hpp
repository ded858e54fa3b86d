#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace breakwater::storage::sqlite {

/// A cell of an answer. A number's text is its usual spelling, a blob's its bytes.
struct sql_value {
    enum class kind : std::uint8_t { null, integer, real, text, blob };
    kind what;
    std::string_view text;
};

/// Who takes the answers. What it is given is valid during the call.
class sql_sink {
public:
    virtual ~sql_sink() = default;
    /// A statement that answers rows begins.
    virtual result<void> head(std::span<const std::string_view> columns) = 0;
    virtual result<void> row(std::span<const sql_value> cells) = 0;
    /// It has ended.
    virtual result<void> end() = 0;
};

/// Answers SQL over everything in a database's file, for people who want to look into it, beside whoever
/// writes it. It can change nothing. Beside the file's own tables there are `readings` (readings_table.hpp)
/// and, in the place of the tables of these names, which are `main.users` and so on, the views `users`,
/// `devices` and `security_events` with ids, times and kinds as the API spells them, without secrets. For one
/// thread.
class sql_console {
public:
    static result<std::unique_ptr<sql_console>> open(const std::filesystem::path& file);
    virtual ~sql_console() = default;

    /// Runs statements that semicolons divide, each over one consistent state of the file. `invalid_input`
    /// with SQLite's sentence at the first that fails, or what the sink said.
    virtual result<void> run(const std::string& statements, sql_sink& to) = 0;
    /// Whether a text ends with a whole statement.
    [[nodiscard]] static bool is_complete(const std::string& text);
};

} // namespace breakwater::storage::sqlite

#include "app/commands/sql_command.hpp"

#include "app/commands/outcome.hpp"
#include "app/output_file.hpp"
#include "app/terminal.hpp"
#include "base/encoding.hpp"
#include "base/json_text.hpp"
#include "storage/sqlite/sql_console.hpp"
#include "telemetry/csv.hpp"

#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <unistd.h>
#include <utility>
#include <vector>

namespace breakwater::app {

namespace {

using storage::sqlite::sql_console;
using storage::sqlite::sql_sink;
using storage::sqlite::sql_value;

constexpr std::size_t max_statement_bytes = std::size_t{1} << 20;
constexpr std::size_t flush_at = std::size_t{64} << 10;

/// The statement behind `.tables`.
constexpr const char* tables_query = R"(
    SELECT name AS "table", (SELECT group_concat(name, ', ') FROM pragma_table_info(tables.name)) AS columns
    FROM (SELECT 'readings' AS name UNION ALL SELECT name FROM temp.sqlite_schema UNION ALL
          SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
              AND name NOT IN (SELECT name FROM temp.sqlite_schema)) AS tables)";

std::string hex_of(std::string_view bytes) {
    return hex_encode({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

class text_sink : public sql_sink {
public:
    explicit text_sink(output_file& out) : out_{out} {}
    result<void> end() override { return flush(); }

protected:
    std::string text; // NOLINT(*-non-private-member-variables-in-classes): the derived sinks append to it

    result<void> flush_if_full() { return text.size() < flush_at ? result<void>{} : flush(); }
    result<void> flush() {
        auto written = out_.write(text);
        text.clear();
        return written;
    }

private:
    output_file& out_;
};

/// Prints pages with their own column widths, because a result may have millions of rows.
class table_sink final : public text_sink {
public:
    using text_sink::text_sink;
    result<void> head(std::span<const std::string_view> columns) override {
        rows_ = {{columns.begin(), columns.end()}};
        return {};
    }
    result<void> row(std::span<const sql_value> cells) override {
        auto& texts = rows_.emplace_back();
        for (const sql_value& cell : cells)
            texts.push_back(cell.type == sql_value::kind::blob ? fmt::format("x'{}'", hex_of(cell.text))
                                                               : printable(cell.text));
        return rows_.size() <= rows_per_page ? result<void>{} : print_page();
    }
    result<void> end() override {
        if (rows_.size() > 1 || !printed_)
            if (auto done = print_page(); !done)
                return done;
        printed_ = false;
        return flush();
    }

private:
    static constexpr std::size_t rows_per_page = 1000;

    result<void> print_page() {
        text += as_table(rows_);
        rows_.resize(1);
        printed_ = true;
        return flush_if_full();
    }

    std::vector<std::vector<std::string>> rows_;
    bool printed_ = false;
};

class csv_sink final : public text_sink {
public:
    using text_sink::text_sink;
    result<void> head(std::span<const std::string_view> columns) override {
        for (bool first = true; const std::string_view name : columns) {
            text += std::exchange(first, false) ? "" : ",";
            telemetry::append_csv_text(text, name);
        }
        text += "\r\n";
        return {};
    }
    result<void> row(std::span<const sql_value> cells) override {
        for (bool first = true; const sql_value& cell : cells) {
            text += std::exchange(first, false) ? "" : ",";
            if (cell.type == sql_value::kind::text)
                telemetry::append_csv_text(text, cell.text);
            else
                text += cell.type == sql_value::kind::blob ? hex_of(cell.text) : cell.text;
        }
        text += "\r\n";
        return flush_if_full();
    }
};

class ndjson_sink final : public text_sink {
public:
    using text_sink::text_sink;
    result<void> head(std::span<const std::string_view> columns) override {
        names_.clear();
        for (const std::string_view name : columns)
            append_json_string(names_.emplace_back(), name);
        return {};
    }
    result<void> row(std::span<const sql_value> cells) override {
        for (std::size_t n = 0; n < cells.size(); ++n) {
            text += n == 0 ? '{' : ',';
            (text += names_[n]) += ':';
            append(cells[n]);
        }
        text += "}\n";
        return flush_if_full();
    }

private:
    void append(const sql_value& cell) {
        switch (cell.type) {
        case sql_value::kind::null: text += "null"; break;
        case sql_value::kind::integer: text += cell.text; break;
        case sql_value::kind::real: text += cell.text.ends_with("Inf") ? "null" : cell.text; break;
        case sql_value::kind::text: append_json_string(text, cell.text); break;
        case sql_value::kind::blob: append_json_string(text, hex_of(cell.text)); break;
        }
    }

    std::vector<std::string> names_;
};

std::unique_ptr<sql_sink> sink_of(sql_format format, output_file& out) {
    switch (format) {
    case sql_format::csv: return std::make_unique<csv_sink>(out);
    case sql_format::ndjson: return std::make_unique<ndjson_sink>(out);
    default: return std::make_unique<table_sink>(out);
    }
}

result<void> run_statements(sql_console& console, const std::string& statements, sql_sink& sink) {
    const auto begin = statements.find_first_not_of(" \t\r\n");
    if (begin != statements.npos &&
        statements.substr(begin, statements.find_last_not_of(" \t\r\n;") + 1 - begin) == ".tables")
        return console.run(tables_query, sink);
    return console.run(statements, sink);
}

/// Runs statement by statement, so that an interactive user sees each result and can continue after an error.
int run_from_input(sql_console& console, sql_sink& sink) {
    const bool interactive = ::isatty(STDIN_FILENO) != 0;
    const auto prompt = [interactive](std::string_view text) {
        if (interactive)
            fmt::print(stderr, "{}", text);
    };
    std::string statement;
    prompt("breakwater> ");
    for (std::string line; std::getline(std::cin, line);) {
        statement += line;
        statement += '\n';
        if (statement.size() > max_statement_bytes)
            return refuse({.code = errc::too_large, .detail = "The statement is too long."});
        if (statement != ".tables\n" && !sql_console::is_complete(statement) &&
            statement.find_first_not_of(" \t\r\n") != statement.npos) {
            prompt("       ...> ");
            continue;
        }
        if (const auto done = run_statements(console, statement, sink); !done) {
            const int code = refuse(done.error());
            if (!interactive)
                return code;
        }
        statement.clear();
        prompt("breakwater> ");
    }
    prompt("\n");
    if (const auto done = run_statements(console, statement, sink); !done)
        return refuse(done.error());
    return exit_success;
}

} // namespace

int run_sql(const sql_options& options) {
    return with_config([&](const config& settings) {
        if (settings.database.is_postgres())
            return refuse({.code = errc::bad_state,
                           .detail = fmt::format("`breakwater sql` reads SQLite databases. For this one, use "
                                                 "psql: {}.",
                                                 settings.database.shown())});
        const auto console = sql_console::open(settings.database.file());
        if (!console)
            return refuse_database(settings, console.error(), true);
        auto out = output_file::open("-", false);
        if (!out)
            return refuse(out.error());
        const auto sink = sink_of(options.format, *out);
        if (options.statements.empty())
            return run_from_input(**console, *sink);
        if (const auto done = run_statements(**console, options.statements, *sink); !done)
            return refuse(done.error());
        return exit_success;
    });
}

} // namespace breakwater::app

#include "app/commands/migrate_command.hpp"

#include "app/commands/outcome.hpp"
#include "app/database_url.hpp"
#include "app/progress.hpp"
#include "base/encoding.hpp"
#include "storage/postgres/transfer.hpp"
#include "storage/sqlite/transfer.hpp"
#include "storage/transfer/transfer.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <utility>

namespace breakwater::app {

namespace {

using storage::transfer::stage;

result<database_url> parse_option(std::string_view option, const std::string& text) {
    auto parsed = parse_database_url(text);
    if (!parsed)
        return fail(errc::invalid_input, fmt::format("{} {}.", option, parsed.error().detail));
    if (parsed->is_postgres())
        return parsed;
    std::error_code failed;
    auto path = std::filesystem::absolute(parsed->file(), failed); // error messages quote it
    if (failed)
        return parsed;
    return database_url{std::move(path)};
}

bool are_same(const database_url& one, const database_url& other) {
    if (one.is_postgres() != other.is_postgres())
        return false;
    if (one.is_postgres())
        return one.connection_string() == other.connection_string();
    std::error_code missing;
    return one.file() == other.file() || std::filesystem::equivalent(one.file(), other.file(), missing);
}

result<std::unique_ptr<storage::transfer::table_reader>> open_source(const database_url& from) {
    return from.is_postgres() ? storage::postgres::open_transfer_source({.url = from.connection_string()})
                              : storage::sqlite::open_transfer_source(from.file());
}

result<std::unique_ptr<storage::transfer::transfer_target>> open_target(const database_url& to) {
    return to.is_postgres() ? storage::postgres::open_transfer_target({.url = to.connection_string()})
                            : storage::sqlite::open_transfer_target(to.file());
}

/// Shows the stages as lines, and the progress of each on a terminal.
class stage_progress {
public:
    void show(const storage::transfer::progress& now) {
        if (!line_ || stage_ != now.stage) {
            line_.reset();
            stage_ = now.stage;
            remark(now.stage == stage::checking  ? "Checking the texts of the source."
                   : now.stage == stage::copying ? "Copying."
                                                 : "Reading both databases again to compare them.");
            line_.emplace(time_, "rows:");
        }
        line_->show(now.done, now.total);
    }

private:
    const system_clock time_;
    stage stage_ = stage::checking;
    std::optional<progress_line> line_;
};

void print_content(std::string_view name, const storage::transfer::table_content& content,
                   std::string_view note) {
    fmt::print("{:<17} {:>12} {:>12}  {}{}\n", name, content.rows,
               content.readings == 0 ? "" : std::to_string(content.readings), hex_encode(content.digest),
               note);
}

void print_report(const storage::transfer::report& report) {
    fmt::print("{:<17} {:>12} {:>12}  {}\n", "table", "rows", "readings", "SHA-256 in both databases");
    for (const auto& next : report.tables) {
        if (next.equal()) {
            print_content(next.table, next.source, "");
        } else {
            print_content(next.table, next.source, " in the source");
            print_content(next.table, next.target, " in the target: DIFFERENT");
        }
    }
    for (const auto& next : report.counters)
        if (!next.equal())
            fmt::print("The last number of {} is {} in the source, but {} in the target: DIFFERENT\n",
                       next.name, next.source, next.target);
}

int conclude(const storage::transfer::report& report, const database_url& to) {
    print_report(report);
    if (report.unreadable > 0)
        remark(fmt::format("Up to {} damaged readings were left behind in the source.", report.unreadable));
    if (report.changed_events > 0)
        remark(fmt::format("{} events of the audit log contain the character U+0000, which the target can't "
                           "store. It has the symbol U+2400 in its place.",
                           report.changed_events));
    if (!report.equal())
        return refuse({.code = errc::internal,
                       .detail = "The target differs from the source. No server starts on it. Remove it, and "
                                 "start again with an empty target."});
    std::int64_t rows = 0;
    std::int64_t readings = 0;
    for (const auto& next : report.tables) {
        rows += next.source.rows;
        readings += next.source.readings;
    }
    fmt::print("The target is complete, with {} rows and {} readings.\n", rows, readings);
    remark(fmt::format("To use it, set DATABASE_URL to {}. The source was not changed.", to.shown()));
    return exit_success;
}

} // namespace

int migrate(const migrate_options& options) {
    const auto from = parse_option("--from", options.from);
    if (!from)
        return refuse(from.error(), exit_usage);
    const auto to = parse_option("--to", options.to);
    if (!to)
        return refuse(to.error(), exit_usage);
    if (are_same(*from, *to))
        return refuse({.code = errc::invalid_input, .detail = "--from and --to are the same database."},
                      exit_usage);
    const auto refuse_side = [](std::string_view option, const database_url& side, error failure) {
        failure.detail = fmt::format("{} {}: {}", option, side.shown(), failure.detail);
        return refuse(failure);
    };
    const auto source = open_source(*from);
    if (!source)
        return refuse_side("--from", *from, source.error());
    const auto target = open_target(*to);
    if (!target)
        return refuse_side("--to", *to, target.error());
    const interruption handler;
    std::optional<stage_progress> progress{std::in_place};
    const auto report =
        storage::transfer::transfer_all(**source, **target,
                                        {.source_name = from->shown(),
                                         .leave_unreadable = options.leave_damaged,
                                         .on_progress = [&](const storage::transfer::progress& now) {
                                             progress->show(now);
                                             return !interruption::requested();
                                         }});
    progress.reset(); // clears the line
    if (!report)
        return refuse(report.error());
    return conclude(*report, *to);
}

} // namespace breakwater::app

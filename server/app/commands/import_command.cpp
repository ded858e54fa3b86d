#include "app/commands/import_command.hpp"

#include "app/commands/outcome.hpp"
#include "app/output_file.hpp"
#include "app/progress.hpp"
#include "app/source_file.hpp"
#include "base/time.hpp"
#include "telemetry/bounded_line.hpp"
#include "telemetry/csv_records.hpp"
#include "telemetry/import_line.hpp"
#include "telemetry/import_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <functional>
#include <istream>
#include <set>
#include <variant>

namespace breakwater::app {

namespace {

constexpr std::size_t readings_a_transaction = 2048;
constexpr std::size_t bytes_a_transaction = std::size_t{8} << 20; ///< of payloads; the last may pass it
constexpr std::size_t longest_line = std::size_t{2} << 20;
constexpr std::uint64_t refusals_told = 20; ///< one by one; of more the number

class importing {
public:
    /// `file` and `way` open it once more.
    importing(core& parts, std::optional<device_id> device, std::optional<output_file> rejects,
              const source_file& source, std::string file, std::string way)
        : parts_{parts},
          device_{device},
          rejects_{std::move(rejects)},
          source_{source},
          file_{std::move(file)},
          way_{std::move(way)} {}

    /// `text` is what the row was made from, beginning at `line`; `lines` of the file are read by now.
    result<void> take(result<telemetry::import_row> row, const std::string& text, std::uint64_t line,
                      std::uint64_t lines) {
        lines_ = lines;
        if (row && !row->has_device) {
            if (!device_)
                return refuse_line(text, line, "device_id must be there, or --device given.");
            row->what.device_id = *device_;
        }
        if (!row)
            return refuse_line(text, line, row.error().detail);
        if (!parts_.devices.find(row->what.device_id))
            return refuse_line(text, line,
                               fmt::format("There is no device {}.", row->what.device_id.to_string()));
        if (!row->has_arrival)
            row->what.received_at = parts_.time.now();
        waiting_bytes_ += row->what.payload.size();
        waiting_.push_back(std::move(row->what));
        const bool full = waiting_.size() >= readings_a_transaction || waiting_bytes_ >= bytes_a_transaction;
        return full ? store() : result<void>{};
    }

    /// The line that begins with that byte has no end yet. It was read, and is for the next time.
    void leave_from(std::uint64_t place) {
        remark("The last line has no end yet: --resume will take it once it has.");
        left_from_ = place;
    }

    /// A line that the refused ones' file begins with, so that it can be imported like the first.
    result<void> head(const std::string& text) {
        return rejects_ ? rejects_->write(text + "\n") : result<void>{};
    }

    /// What is left, the record of it, and the refused lines' file. `complete`: the file ended.
    result<void> finish(bool complete) {
        if (failed_)
            waiting_.clear(); // what is on record of the file ends before them
        if (auto done = store(); !done)
            return done;
        auto recorded = parts_.store->write([&](storage::transaction& tx) -> result<void> {
            // Of a file of which nothing could be taken there is nothing to know. One with refused lines may
            // be put right: it is not done with.
            if (!failed_ && lines_ > 0 && (journal_ || (complete && refused_ == 0)))
                if (auto noted = note_progress(tx, complete && refused_ == 0 && !left_from_); !noted)
                    return noted;
            const auto who = operator_at_the_shell("import");
            auto event = event_of(who, parts_.time.now(), event_type::import_data, event_status::success,
                                  std::nullopt, summary() + ".");
            for (const device_id& each : devices_)
                add_target(event, target_of(target_type::device, each));
            auto appended = tx.audit().append(event);
            return appended ? result<void>{} : pass(std::move(appended));
        });
        if (!recorded || !rejects_)
            return recorded;
        return rejects_->finish();
    }

    [[nodiscard]] std::string summary() const {
        return known_ == 0
                   ? fmt::format("{} readings imported, {} lines refused", stored_, refused_)
                   : fmt::format("{} readings imported, {} known already by their message_id, {} lines "
                                 "refused",
                                 stored_, known_, refused_);
    }
    [[nodiscard]] std::uint64_t stored() const noexcept { return stored_; }
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

private:
    result<void> refuse_line(const std::string& text, std::uint64_t line, const std::string& why) {
        if (++refused_ <= refusals_told)
            remark(fmt::format("Line {}: {}", line, why));
        auto kept = head(text);
        failed_ = failed_ || !kept;
        return kept;
    }

    result<void> store() {
        if (waiting_.empty())
            return {};
        // One device after the other, oldest first: what goes into one block comes together.
        std::ranges::stable_sort(waiting_, [](const reading& a, const reading& b) {
            return std::pair{a.device_id, a.received_at} < std::pair{b.device_id, b.received_at};
        });
        const std::uint64_t stored_before = stored_;
        const std::uint64_t known_before = known_;
        auto done = parts_.store->write([&](storage::transaction& tx) -> result<void> {
            if (auto appended = tx.readings().append(waiting_); !appended)
                return appended;
            const auto known =
                static_cast<std::uint64_t>(std::ranges::count(waiting_, true, &reading::repeated));
            known_ = known_before + known;
            stored_ = stored_before + waiting_.size() - known;
            return note_progress(tx, false);
        });
        if (done) {
            for (const reading& each : waiting_)
                devices_.insert(each.device_id);
        } else {
            stored_ = stored_before;
            known_ = known_before;
            failed_ = true;
        }
        waiting_.clear();
        waiting_bytes_ = 0;
        return done;
    }

    /// In the transaction that stores the readings: neither is there without the other.
    result<void> note_progress(storage::transaction& tx, bool complete) {
        if (source_.size() == 0) // what comes through a pipe isn't there to be known again
            return {};
        auto place = std::pair{source_.position(), source_.digest()};
        if (left_from_) {
            const auto again = source_file::open(file_, way_);
            if (!again)
                return std::unexpected(again.error());
            (*again)->skip_to(*left_from_);
            place = {(*again)->position(), (*again)->digest()};
        }
        const storage::import_progress now{.digest = place.second,
                                           .bytes = place.first,
                                           .lines = lines_,
                                           .readings = stored_,
                                           .complete = complete,
                                           .at = parts_.time.now()};
        if (journal_)
            return tx.imports().update(*journal_, now);
        const auto added = tx.imports().insert(now);
        if (!added)
            return std::unexpected(added.error());
        journal_ = *added;
        return {};
    }

    core& parts_;
    const std::optional<device_id> device_;
    std::optional<output_file> rejects_;
    const source_file& source_;
    const std::string file_;
    const std::string way_;
    std::optional<std::uint64_t> left_from_;
    bool failed_ = false;                       ///< to store something, or to keep what was refused
    std::optional<storage::import_id> journal_; ///< this import's
    std::uint64_t lines_ = 0;
    std::vector<reading> waiting_;
    std::size_t waiting_bytes_ = 0;
    std::set<device_id> devices_; ///< of which something is stored
    std::uint64_t stored_ = 0;
    std::uint64_t known_ = 0; ///< by their message_id
    std::uint64_t refused_ = 0;
};

/// What was imported of the file before: the longest beginning that is known. Reads the file once.
result<std::optional<storage::import_progress>> imported_before(core& parts, const std::string& file,
                                                                std::string_view seed) {
    auto known =
        storage::ask(*parts.store, [](const storage::snapshot& view) { return view.imports().list(); });
    if (!known)
        return pass(std::move(known));
    std::ranges::sort(*known, {}, &storage::import_progress::bytes);
    const auto source = source_file::open(file, seed);
    if (!source)
        return std::unexpected(source.error());
    std::optional<storage::import_progress> longest;
    for (const storage::import_progress& each : *known) {
        if (each.bytes > (*source)->size())
            break;
        (*source)->skip_to(each.bytes);
        if ((*source)->digest() == each.digest && (!longest || each.bytes > longest->bytes || each.complete))
            longest = each;
    }
    return longest;
}

/// How the file is read: another way makes other readings of the same bytes.
std::string way_of(const import_options& chosen, std::optional<device_id> device, bool csv) {
    return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}\n", csv ? "csv" : "ndjson", device ? device->to_string() : "",
                       fmt::join(chosen.time_columns, "|"), chosen.time_format, chosen.time_zone,
                       chosen.separator.value_or(' '), chosen.decimal_comma, chosen.skipped_lines);
}

struct import_source {
    source_file& file;
    std::istream& from;
    std::uint64_t begin_bytes; ///< where to begin, behind the header of a CSV; 0: at once
    std::uint64_t begin_lines;
    const std::function<void(std::uint64_t)>& progress; ///< is told how many bytes are read
    bool grows;                                         ///< it may be written to still

    /// Whether a last line without an end is left for the next time: its rest may come yet.
    [[nodiscard]] bool leaves_open_line() const { return grows || file.failure() != 0; }
};

result<void> take_json_lines(const import_source& source, importing& rows) {
    source.file.skip_to(source.begin_bytes);
    std::uint64_t read = source.begin_bytes;
    std::uint64_t number = source.begin_lines;
    for (std::string line; !interruption::asked();) {
        const std::uint64_t before = read;
        const auto end = telemetry::read_bounded_line(source.from, line, longest_line, read);
        if (!end)
            break;
        if (end->empty() && source.leaves_open_line()) {
            rows.leave_from(before);
            break;
        }
        source.progress(read);
        if (++number == 1 && line.starts_with("\xef\xbb\xbf"))
            line.erase(0, 3); // a byte order mark
        if (line.find_first_not_of(" \t\r") == line.npos)
            continue;
        auto row = line.size() > longest_line ? fail(errc::too_large, "The line is too long.")
                                              : telemetry::read_import_line(line);
        if (auto taken = rows.take(std::move(row), line, number, number); !taken)
            return taken;
    }
    return {};
}

result<telemetry::table_style> style_of(const import_options& chosen) {
    telemetry::table_style style{.decimal_comma = chosen.decimal_comma};
    if (chosen.time_columns.size() > 2)
        return fail(errc::invalid_input,
                    "--time-column may be there twice at most: for the date and for the time.");
    if (!chosen.time_columns.empty())
        style.time_columns = chosen.time_columns;
    time_zone zone;
    if (!chosen.time_zone.empty()) {
        if (chosen.time_format.empty())
            return fail(errc::invalid_input, "--time-zone needs a pattern: --time-format.");
        auto found = time_zone::find(chosen.time_zone);
        if (!found)
            return pass(std::move(found));
        zone = *found;
    }
    if (!chosen.time_format.empty()) {
        auto times = time_format::of(chosen.time_format, zone);
        if (!times)
            return fail(times.error().code, "--time-format: " + times.error().detail);
        style.times = std::move(*times);
    }
    return style;
}

result<void> take_csv(const import_source& source, const import_options& chosen, importing& rows) {
    auto style = style_of(chosen);
    if (!style)
        return pass(std::move(style));
    telemetry::csv_records records{source.from, chosen.separator};
    records.skip(chosen.skipped_lines);
    telemetry::csv_records::record record;
    const auto header = records.next(record);
    if (!header)
        return fail(errc::invalid_input, "The header: " + header.error().detail);
    if (!*header)
        return {};
    const auto table = telemetry::import_table::of(record.cells, std::move(*style));
    if (!table)
        return fail(errc::invalid_input, "The header: " + table.error().detail);
    if (auto told = rows.head(record.text); !told)
        return told;
    if (source.begin_bytes > records.bytes()) {
        source.file.skip_to(source.begin_bytes);
        records.go_on_at(source.begin_bytes, source.begin_lines);
    }
    while (!interruption::asked()) {
        const std::uint64_t before = records.bytes();
        const auto more = records.next(record);
        if (more && !*more)
            break;
        if (!record.ended && source.leaves_open_line()) {
            rows.leave_from(before);
            break;
        }
        source.progress(records.bytes());
        auto row = more ? table->read(record.cells) : std::unexpected(more.error());
        if (auto taken = rows.take(std::move(row), record.text, record.line, records.lines()); !taken)
            return taken;
    }
    return {};
}

bool is_csv(const import_options& chosen) {
    return chosen.format == import_format::csv ||
           (chosen.format == import_format::by_name && chosen.file.ends_with(".csv"));
}

/// Where to begin, by what was imported before; or what to say instead.
std::variant<storage::import_progress, int> beginning_of(core& parts, const import_options& chosen,
                                                         std::string_view way) {
    if (chosen.again || chosen.file == "-")
        return storage::import_progress{};
    const auto before = imported_before(parts, chosen.file, way);
    if (!before)
        return refuse(before.error());
    if (!*before || chosen.resume)
        return before->value_or(storage::import_progress{});
    const storage::import_progress& known = **before;
    if (!known.complete || known.bytes < std::filesystem::file_size(chosen.file))
        return refuse(
            {.code = errc::bad_state,
             .detail = fmt::format("The first {} lines of this file were imported at {}: --resume goes "
                                   "on behind them, --again imports them once more.",
                                   known.lines, format_rfc3339(known.at))});
    fmt::print("This file was imported at {}; nothing is left of it. (--again imports it once more.)\n",
               format_rfc3339(known.at));
    return exit_success;
}

int run_import(core& parts, std::optional<device_id> device, const import_options& chosen) {
    const bool csv = is_csv(chosen);
    const std::string way = way_of(chosen, device, csv);
    const auto opened = source_file::open(chosen.file, way);
    if (!opened)
        return refuse(opened.error());
    source_file& file = **opened;
    const auto beginning = beginning_of(parts, chosen, way);
    if (const int* const ended = std::get_if<int>(&beginning))
        return *ended;
    const auto& before = std::get<storage::import_progress>(beginning);
    std::optional<output_file> rejects;
    if (!chosen.rejects.empty()) {
        auto made = output_file::open(chosen.rejects, false);
        if (!made)
            return refuse(made.error());
        rejects.emplace(std::move(*made));
    }
    importing rows{parts, device, std::move(rejects), file, chosen.file, way};
    const interruption polite;
    result<void> taken;
    {
        progress_line progress{parts.time, "bytes:"};
        const std::function<void(std::uint64_t)> show = [&](std::uint64_t read) {
            progress.show(read, file.size());
        };
        std::istream from{&file};
        const import_source source{file, from, before.bytes, before.lines, show, chosen.resume};
        taken = csv ? take_csv(source, chosen, rows) : take_json_lines(source, rows);
    }
    // What is stored is on record, whatever came after it.
    const auto done = rows.finish(taken && file.failure() == 0 && !interruption::asked());
    if (!taken)
        return refuse(taken.error());
    if (file.failure() != 0)
        return refuse({.code = errc::bad_state,
                       .detail = fmt::format("Can't read {} to its end: {}. {} readings are imported.",
                                             chosen.file, std::strerror(file.failure()), rows.stored())});
    if (!done)
        return refuse(done.error());
    fmt::print("{}{}.\n", rows.summary(), interruption::asked() ? "; interrupted before the end" : "");
    return rows.refused() == 0 && !interruption::asked() ? exit_success : exit_failure;
}

} // namespace

int import_readings(const import_options& chosen) {
    std::optional<device_id> device;
    if (!chosen.device.empty()) {
        device = uuid::parse(chosen.device);
        if (!device)
            return refuse(
                {.code = errc::invalid_input,
                 .detail = fmt::format("{:?} is not a device's id; `breakwater device list` shows them.",
                                       chosen.device)},
                exit_usage);
    }
    return with_core(false, [&](core& parts) { return run_import(parts, device, chosen); });
}

} // namespace breakwater::app

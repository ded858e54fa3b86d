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

constexpr std::size_t readings_per_transaction = 2048;
constexpr std::size_t bytes_per_transaction = std::size_t{8} << 20; ///< of payloads; the last may exceed it
constexpr std::size_t max_line_bytes = std::size_t{2} << 20;
constexpr std::uint64_t max_reported_refusals = 20; ///< further ones are only counted

class importer {
public:
    /// `file` and `seed` are needed to open the source again.
    importer(core& parts, std::optional<device_id> device, std::optional<output_file> rejects,
             const source_file& source, std::string file, std::string seed)
        : parts_{parts},
          device_{device},
          rejects_{std::move(rejects)},
          source_{source},
          file_{std::move(file)},
          seed_{std::move(seed)} {}

    /// Adds a row, whose text starts at `line`; `lines` lines of the file have been read so far.
    result<void> add(result<telemetry::import_row> row, const std::string& text, std::uint64_t line,
                     std::uint64_t lines) {
        lines_ = lines;
        if (row && !row->has_device) {
            if (!device_)
                return refuse_line(text, line, "device_id is missing. --device sets it for such lines.");
            row->reading.device_id = *device_;
        }
        if (!row)
            return refuse_line(text, line, row.error().detail);
        if (!parts_.devices.find(row->reading.device_id))
            return refuse_line(text, line,
                               fmt::format("There is no device {}.", row->reading.device_id.to_string()));
        if (!row->has_arrival)
            row->reading.received_at = parts_.time.now();
        batch_bytes_ += row->reading.payload.size();
        batch_.push_back(std::move(row->reading));
        const bool full = batch_.size() >= readings_per_transaction || batch_bytes_ >= bytes_per_transaction;
        return full ? store() : result<void>{};
    }

    /// Leaves the last line, which starts at `offset` and has no line end yet, for the next import.
    void leave_open_line(std::uint64_t offset) {
        remark("The last line is incomplete. Once it is complete, --resume imports it.");
        open_line_ = offset;
    }

    /// Writes a line to the file of refused lines. The header goes first, so that this file can be imported.
    result<void> write_reject(const std::string& text) {
        return rejects_ ? rejects_->write(text + "\n") : result<void>{};
    }

    /// Stores the last batch, the progress and the audit event, and finishes the file of refused lines.
    /// `complete`: the end of the file was reached.
    result<void> finish(bool complete) {
        if (failed_)
            batch_.clear(); // the recorded progress ends before these readings
        if (auto done = store(); !done)
            return done;
        auto recorded = parts_.store->write([&](storage::transaction& tx) -> result<void> {
            // A file without usable lines gets no record. A file with refused lines is never complete: it may
            // be corrected.
            if (!failed_ && lines_ > 0 && (record_ || (complete && refused_ == 0)))
                if (auto saved = save_progress(tx, complete && refused_ == 0 && !open_line_); !saved)
                    return saved;
            const auto caller = operator_at_the_shell("import");
            auto event = event_of(caller, parts_.time.now(), event_type::import_data, event_status::success,
                                  std::nullopt, summary() + ".");
            for (const device_id& device : devices_)
                add_target(event, target_of(target_type::device, device));
            auto appended = tx.audit().append(event);
            return appended ? result<void>{} : pass(std::move(appended));
        });
        if (!recorded || !rejects_)
            return recorded;
        return rejects_->finish();
    }

    [[nodiscard]] std::string summary() const {
        return repeated_ == 0
                   ? fmt::format("{} readings imported, {} lines refused", stored_, refused_)
                   : fmt::format("{} readings imported, {} already stored with the same message_id, {} lines "
                                 "refused",
                                 stored_, repeated_, refused_);
    }
    [[nodiscard]] std::uint64_t stored() const noexcept { return stored_; }
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

private:
    result<void> refuse_line(const std::string& text, std::uint64_t line, const std::string& reason) {
        if (++refused_ <= max_reported_refusals)
            remark(fmt::format("Line {}: {}", line, reason));
        auto written = write_reject(text);
        failed_ = failed_ || !written;
        return written;
    }

    result<void> store() {
        if (batch_.empty())
            return {};
        // By device, oldest first, so that the readings of a block are together.
        std::ranges::stable_sort(batch_, [](const reading& a, const reading& b) {
            return std::pair{a.device_id, a.received_at} < std::pair{b.device_id, b.received_at};
        });
        const std::uint64_t stored_before = stored_;
        const std::uint64_t repeated_before = repeated_;
        auto done = parts_.store->write([&](storage::transaction& tx) -> result<void> {
            if (auto appended = tx.readings().append(batch_); !appended)
                return appended;
            const auto repeated = static_cast<std::uint64_t>(
                std::ranges::count(batch_, append_outcome::repeated, &reading::outcome));
            repeated_ = repeated_before + repeated;
            stored_ = stored_before + batch_.size() - repeated;
            return save_progress(tx, false);
        });
        if (done) {
            for (const reading& row : batch_)
                devices_.insert(row.device_id);
        } else {
            stored_ = stored_before;
            repeated_ = repeated_before;
            failed_ = true;
        }
        batch_.clear();
        batch_bytes_ = 0;
        return done;
    }

    /// Saves the progress in the transaction that stores the readings, so that both are stored or neither.
    result<void> save_progress(storage::transaction& tx, bool complete) {
        if (source_.size() == 0) // a pipe can't be recognised again
            return {};
        auto [bytes, digest] = std::pair{source_.position(), source_.digest()};
        if (open_line_) {
            const auto reopened = source_file::open(file_, seed_);
            if (!reopened)
                return std::unexpected(reopened.error());
            (*reopened)->skip_to(*open_line_);
            bytes = (*reopened)->position();
            digest = (*reopened)->digest();
        }
        const storage::import_progress progress{.digest = digest,
                                                .bytes = bytes,
                                                .lines = lines_,
                                                .readings = stored_,
                                                .complete = complete,
                                                .at = parts_.time.now()};
        if (record_)
            return tx.imports().update(*record_, progress);
        const auto added = tx.imports().insert(progress);
        if (!added)
            return std::unexpected(added.error());
        record_ = *added;
        return {};
    }

    core& parts_;
    const std::optional<device_id> device_;
    std::optional<output_file> rejects_;
    const source_file& source_;
    const std::string file_;
    const std::string seed_;
    std::optional<std::uint64_t> open_line_;   ///< start of a last line without a line end
    bool failed_ = false;                      ///< could not store readings or write a refused line
    std::optional<storage::import_id> record_; ///< the progress of this import
    std::uint64_t lines_ = 0;
    std::vector<reading> batch_;
    std::size_t batch_bytes_ = 0;
    std::set<device_id> devices_; ///< with stored readings
    std::uint64_t stored_ = 0;
    std::uint64_t repeated_ = 0; ///< not stored: their message_id exists already
    std::uint64_t refused_ = 0;
};

/// Finds the longest beginning of the file that was imported before. Reads the file once.
result<std::optional<storage::import_progress>> previous_import(core& parts, const std::string& file,
                                                                std::string_view seed) {
    auto imports =
        storage::fetch(*parts.store, [](const storage::snapshot& view) { return view.imports().list(); });
    if (!imports)
        return pass(std::move(imports));
    std::ranges::sort(*imports, {}, &storage::import_progress::bytes);
    const auto source = source_file::open(file, seed);
    if (!source)
        return std::unexpected(source.error());
    std::optional<storage::import_progress> longest;
    for (const storage::import_progress& progress : *imports) {
        if (progress.bytes > (*source)->size())
            break;
        (*source)->skip_to(progress.bytes);
        if ((*source)->digest() == progress.digest &&
            (!longest || progress.bytes > longest->bytes || progress.complete))
            longest = progress;
    }
    return longest;
}

/// The seed of the digest contains the options that determine the readings: with other options, the same
/// bytes give other readings.
std::string digest_seed(const import_options& options, std::optional<device_id> device, bool csv) {
    return fmt::format("{}|{}|{}|{}|{}|{}|{}|{}\n", csv ? "csv" : "ndjson", device ? device->to_string() : "",
                       fmt::join(options.time_columns, "|"), options.time_format, options.time_zone,
                       options.separator.value_or(' '), options.decimal_comma, options.skipped_lines);
}

struct import_source {
    source_file& file;
    std::istream& stream;
    std::uint64_t begin_bytes; ///< where to start, after the header of a CSV; 0: the first line
    std::uint64_t begin_lines;
    const std::function<void(std::uint64_t)>& progress; ///< receives the number of bytes read
    bool grows;                                         ///< the file may still be written

    /// Whether to leave a last line without a line end for the next import, because it may be incomplete.
    [[nodiscard]] bool leaves_open_line() const { return grows || file.failure() != 0; }
};

result<void> import_json_lines(const import_source& source, importer& rows) {
    source.file.skip_to(source.begin_bytes);
    std::uint64_t read = source.begin_bytes;
    std::uint64_t number = source.begin_lines;
    for (std::string line; !interruption::requested();) {
        const std::uint64_t before = read;
        const auto end = telemetry::read_bounded_line(source.stream, line, max_line_bytes, read);
        if (!end)
            break;
        if (end->empty() && source.leaves_open_line()) {
            rows.leave_open_line(before);
            break;
        }
        source.progress(read);
        if (++number == 1 && line.starts_with("\xef\xbb\xbf"))
            line.erase(0, 3); // the byte order mark
        if (line.find_first_not_of(" \t\r") == line.npos)
            continue;
        auto row = line.size() > max_line_bytes ? fail(errc::too_large, "The line is too long.")
                                                : telemetry::read_import_line(line);
        if (auto added = rows.add(std::move(row), line, number, number); !added)
            return added;
    }
    return {};
}

result<telemetry::table_style> style_of(const import_options& options) {
    telemetry::table_style style{.decimal_comma = options.decimal_comma};
    if (options.time_columns.size() > 2)
        return fail(errc::invalid_input,
                    "--time-column may be given at most twice: for the date and for the time.");
    if (!options.time_columns.empty())
        style.time_columns = options.time_columns;
    time_zone zone;
    if (!options.time_zone.empty()) {
        if (options.time_format.empty())
            return fail(errc::invalid_input, "--time-zone needs a pattern in --time-format.");
        auto named_zone = time_zone::find(options.time_zone);
        if (!named_zone)
            return pass(std::move(named_zone));
        zone = *named_zone;
    }
    if (!options.time_format.empty()) {
        auto times = time_format::parse(options.time_format, zone);
        if (!times)
            return fail(times.error().code, "--time-format: " + times.error().detail);
        style.times = std::move(*times);
    }
    return style;
}

result<void> import_csv(const import_source& source, const import_options& options, importer& rows) {
    auto style = style_of(options);
    if (!style)
        return pass(std::move(style));
    telemetry::csv_records records{source.stream, options.separator};
    records.skip(options.skipped_lines);
    telemetry::csv_records::record record;
    const auto header = records.next(record);
    if (!header)
        return fail(errc::invalid_input, "The header: " + header.error().detail);
    if (!*header)
        return {};
    const auto table = telemetry::import_table::of(record.cells, std::move(*style));
    if (!table)
        return fail(errc::invalid_input, "The header: " + table.error().detail);
    if (auto written = rows.write_reject(record.text); !written)
        return written;
    if (source.begin_bytes > records.bytes()) {
        source.file.skip_to(source.begin_bytes);
        records.resume_at(source.begin_bytes, source.begin_lines);
    }
    while (!interruption::requested()) {
        const std::uint64_t before = records.bytes();
        const auto more = records.next(record);
        if (more && !*more)
            break;
        if (!record.is_terminated && source.leaves_open_line()) {
            rows.leave_open_line(before);
            break;
        }
        source.progress(records.bytes());
        auto row = more ? table->read(record.cells) : std::unexpected(more.error());
        if (auto added = rows.add(std::move(row), record.text, record.line, records.lines()); !added)
            return added;
    }
    return {};
}

bool is_csv(const import_options& options) {
    return options.format == import_format::csv ||
           (options.format == import_format::by_name && options.file.ends_with(".csv"));
}

/// Where to start, from the previous import of the file; or the exit code if there is nothing to import.
std::variant<storage::import_progress, int> start_of_import(core& parts, const import_options& options,
                                                            std::string_view seed) {
    if (options.again || options.file == "-")
        return storage::import_progress{};
    const auto previous = previous_import(parts, options.file, seed);
    if (!previous)
        return refuse(previous.error());
    if (!*previous || options.resume)
        return previous->value_or(storage::import_progress{});
    const storage::import_progress& progress = **previous;
    if (!progress.complete || progress.bytes < std::filesystem::file_size(options.file))
        return refuse(
            {.code = errc::bad_state,
             .detail = fmt::format("The first {} lines of this file were imported at {}. --resume continues "
                                   "after them, --again imports them again.",
                                   progress.lines, format_rfc3339(progress.at))});
    fmt::print("This whole file was imported at {}. --again imports it again.\n",
               format_rfc3339(progress.at));
    return exit_success;
}

int run_import(core& parts, std::optional<device_id> device, const import_options& options) {
    const bool csv = is_csv(options);
    const std::string seed = digest_seed(options, device, csv);
    const auto opened = source_file::open(options.file, seed);
    if (!opened)
        return refuse(opened.error());
    source_file& file = **opened;
    const auto start = start_of_import(parts, options, seed);
    if (const int* const exit_code = std::get_if<int>(&start))
        return *exit_code;
    const auto& previous = std::get<storage::import_progress>(start);
    std::optional<output_file> rejects;
    if (!options.rejects.empty()) {
        auto file_of_rejects = output_file::open(options.rejects, false);
        if (!file_of_rejects)
            return refuse(file_of_rejects.error());
        rejects.emplace(std::move(*file_of_rejects));
    }
    importer rows{parts, device, std::move(rejects), file, options.file, seed};
    const interruption handler;
    result<void> imported;
    {
        progress_line progress{parts.time, "bytes:"};
        const std::function<void(std::uint64_t)> show = [&](std::uint64_t read) {
            progress.show(read, file.size());
        };
        std::istream stream{&file};
        const import_source source{file, stream, previous.bytes, previous.lines, show, options.resume};
        imported = csv ? import_csv(source, options, rows) : import_json_lines(source, rows);
    }
    // Also after a failure: the stored readings are recorded.
    const auto finished = rows.finish(imported && file.failure() == 0 && !interruption::requested());
    if (!imported)
        return refuse(imported.error());
    if (file.failure() != 0)
        return refuse({.code = errc::bad_state,
                       .detail = fmt::format("Can't read {} to its end: {}. {} readings were imported.",
                                             options.file, std::strerror(file.failure()), rows.stored())});
    if (!finished)
        return refuse(finished.error());
    fmt::print("{}{}.\n", rows.summary(), interruption::requested() ? "; interrupted before the end" : "");
    return rows.refused() == 0 && !interruption::requested() ? exit_success : exit_failure;
}

} // namespace

int import_readings(const import_options& options) {
    std::optional<device_id> device;
    if (!options.device.empty()) {
        device = uuid::parse(options.device);
        if (!device)
            return refuse(
                {.code = errc::invalid_input,
                 .detail = fmt::format("{:?} is not a device id. `breakwater device list` shows the ids.",
                                       options.device)},
                exit_usage);
    }
    return with_core(false, [&](core& parts) { return run_import(parts, device, options); });
}

} // namespace breakwater::app

#include "app/commands/import_command.hpp"

#include "app/commands/outcome.hpp"
#include "app/output_file.hpp"
#include "app/progress.hpp"
#include "telemetry/bounded_line.hpp"
#include "telemetry/csv_records.hpp"
#include "telemetry/import_line.hpp"
#include "telemetry/import_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>

namespace breakwater::app {

namespace {

constexpr std::size_t readings_a_transaction = 2048;
constexpr std::size_t bytes_a_transaction = std::size_t{8} << 20; ///< of payloads; the last may pass it
constexpr std::size_t longest_line = std::size_t{2} << 20;
constexpr std::uint64_t refusals_told = 20; ///< one by one; of more the number

class importing {
public:
    importing(core& parts, std::optional<device_id> device, std::optional<output_file> rejects)
        : parts_{parts}, device_{device}, rejects_{std::move(rejects)} {}

    /// `text` is what the row was made from, beginning at `line`.
    result<void> take(result<telemetry::import_row> row, const std::string& text, std::uint64_t line) {
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

    /// A line that the refused ones' file begins with, so that it can be imported like the first.
    result<void> head(const std::string& text) {
        return rejects_ ? rejects_->write(text + "\n") : result<void>{};
    }

    /// What is left, the record of it, and the refused lines' file.
    result<void> finish() {
        if (auto done = store(); !done)
            return done;
        auto recorded = parts_.store->write([&](storage::transaction& tx) -> result<void> {
            const auto who = operator_at_the_shell("import");
            auto appended = tx.audit().append(
                event_of(who, parts_.time.now(), event_type::import_data, event_status::success,
                         fmt::format("{} readings imported, {} lines refused.", stored_, refused_)));
            return appended ? result<void>{} : pass(std::move(appended));
        });
        if (!recorded || !rejects_)
            return recorded;
        return rejects_->finish();
    }

    [[nodiscard]] std::uint64_t stored() const noexcept { return stored_; }
    [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }

private:
    result<void> refuse_line(const std::string& text, std::uint64_t line, const std::string& why) {
        if (++refused_ <= refusals_told)
            remark(fmt::format("Line {}: {}", line, why));
        return head(text);
    }

    result<void> store() {
        if (waiting_.empty())
            return {};
        // One device after the other, oldest first: what goes into one block comes together.
        std::ranges::stable_sort(waiting_, [](const reading& a, const reading& b) {
            return std::pair{a.device_id, a.received_at} < std::pair{b.device_id, b.received_at};
        });
        auto done =
            parts_.store->write([&](storage::transaction& tx) { return tx.readings().append(waiting_); });
        if (done)
            stored_ += waiting_.size();
        waiting_.clear();
        waiting_bytes_ = 0;
        return done;
    }

    core& parts_;
    const std::optional<device_id> device_;
    std::optional<output_file> rejects_;
    std::vector<reading> waiting_;
    std::size_t waiting_bytes_ = 0;
    std::uint64_t stored_ = 0;
    std::uint64_t refused_ = 0;
};

result<void> take_json_lines(std::istream& from, importing& rows,
                             const std::function<void(std::uint64_t)>& progress) {
    std::uint64_t read = 0;
    std::uint64_t number = 0;
    for (std::string line;
         telemetry::read_bounded_line(from, line, longest_line, read) && !interruption::asked();) {
        progress(read);
        ++number;
        if (line.find_first_not_of(" \t\r") == line.npos)
            continue;
        auto row = line.size() > longest_line ? fail(errc::too_large, "The line is too long.")
                                              : telemetry::read_import_line(line);
        if (auto taken = rows.take(std::move(row), line, number); !taken)
            return taken;
    }
    return {};
}

result<void> take_csv(std::istream& from, std::string_view time_column, importing& rows,
                      const std::function<void(std::uint64_t)>& progress) {
    telemetry::csv_records records{from};
    telemetry::csv_records::record record;
    const auto header = records.next(record);
    if (!header)
        return fail(errc::invalid_input, "The header: " + header.error().detail);
    if (!*header)
        return {};
    const auto table = telemetry::import_table::of(record.cells, time_column);
    if (!table)
        return fail(errc::invalid_input, "The header: " + table.error().detail);
    if (auto told = rows.head(record.text); !told)
        return told;
    while (!interruption::asked()) {
        const auto more = records.next(record);
        if (more && !*more)
            break;
        progress(records.bytes());
        auto row = more ? table->read(record.cells) : std::unexpected(more.error());
        if (auto taken = rows.take(std::move(row), record.text, record.line); !taken)
            return taken;
    }
    return {};
}

bool is_csv(const import_options& chosen) {
    return chosen.format == import_format::csv ||
           (chosen.format == import_format::by_name && chosen.file.ends_with(".csv"));
}

int run_import(core& parts, std::optional<device_id> device, const import_options& chosen) {
    std::ifstream file;
    if (chosen.file != "-") {
        file.open(chosen.file, std::ios::binary);
        if (!file)
            return refuse({.code = errc::bad_state,
                           .detail = fmt::format("Can't read {}: {}.", chosen.file, std::strerror(errno))});
    }
    std::istream& from = chosen.file == "-" ? std::cin : file;
    std::optional<output_file> rejects;
    if (!chosen.rejects.empty()) {
        auto opened = output_file::open(chosen.rejects, false);
        if (!opened)
            return refuse(opened.error());
        rejects.emplace(std::move(*opened));
    }
    std::error_code unknown;
    const auto size = chosen.file == "-" ? 0 : std::filesystem::file_size(chosen.file, unknown);
    importing rows{parts, device, std::move(rejects)};
    const interruption polite;
    result<void> taken;
    {
        progress_line progress{parts.time, "bytes:"};
        const auto show = [&](std::uint64_t read) { progress.show(read, size); };
        taken = is_csv(chosen) ? take_csv(from, chosen.time_column, rows, show)
                               : take_json_lines(from, rows, show);
    }
    const auto done = rows.finish(); // what is stored is on record, whatever came after it
    if (!taken)
        return refuse(taken.error());
    if (!done)
        return refuse(done.error());
    fmt::print("{} readings imported, {} lines refused{}.\n", rows.stored(), rows.refused(),
               interruption::asked() ? "; interrupted before the end" : "");
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

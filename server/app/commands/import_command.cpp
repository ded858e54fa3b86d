#include "app/commands/import_command.hpp"

#include "app/commands/outcome.hpp"
#include "app/output_file.hpp"
#include "app/progress.hpp"
#include "telemetry/import_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace breakwater::app {

namespace {

constexpr std::size_t readings_a_transaction = 2048;
constexpr std::size_t longest_line = std::size_t{2} << 20;
constexpr std::uint64_t refusals_told = 20; ///< one by one; of more the number

class importing {
public:
    importing(core& parts, std::optional<device_id> device, std::optional<output_file> rejects)
        : parts_{parts}, device_{device}, rejects_{std::move(rejects)} {}

    result<void> take(const std::string& line) {
        ++lines_;
        if (line.find_first_not_of(" \t\r") == line.npos)
            return {};
        auto row = line.size() > longest_line ? fail(errc::too_large, "The line is too long.")
                                              : telemetry::read_import_line(line);
        if (row && !row->has_device) {
            if (!device_)
                return refuse_line(line, "device_id must be there, or --device given.");
            row->what.device_id = *device_;
        }
        if (!row)
            return refuse_line(line, row.error().detail);
        if (!parts_.devices.find(row->what.device_id))
            return refuse_line(line, fmt::format("There is no device {}.", row->what.device_id.to_string()));
        if (!row->has_arrival)
            row->what.received_at = parts_.time.now();
        waiting_.push_back(std::move(row->what));
        return waiting_.size() < readings_a_transaction ? result<void>{} : store();
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
    result<void> refuse_line(const std::string& line, const std::string& why) {
        if (++refused_ <= refusals_told)
            remark(fmt::format("Line {}: {}", lines_, why));
        return rejects_ ? rejects_->write(line + "\n") : result<void>{};
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
        return done;
    }

    core& parts_;
    const std::optional<device_id> device_;
    std::optional<output_file> rejects_;
    std::vector<reading> waiting_;
    std::uint64_t lines_ = 0;
    std::uint64_t stored_ = 0;
    std::uint64_t refused_ = 0;
};

int run_import(core& parts, std::optional<device_id> device, const import_options& chosen) {
    std::ifstream file;
    if (chosen.file != "-") {
        file.open(chosen.file, std::ios::binary);
        if (!file)
            return refuse({.code = errc::bad_state,
                           .detail = fmt::format("Can't read {}: {}.", chosen.file, std::strerror(errno))});
    }
    std::istream& lines = chosen.file == "-" ? std::cin : file;
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
    {
        progress_line progress{parts.time, "bytes:"};
        std::uint64_t read = 0;
        for (std::string line; std::getline(lines, line) && !interruption::asked();) {
            read += line.size() + 1;
            progress.show(read, size);
            if (auto taken = rows.take(line); !taken)
                return refuse(taken.error());
        }
    }
    if (auto done = rows.finish(); !done)
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

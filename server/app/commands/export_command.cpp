#include "app/commands/export_command.hpp"

#include "app/commands/outcome.hpp"
#include "app/output_file.hpp"
#include "app/progress.hpp"
#include "base/time.hpp"
#include "telemetry/csv_export.hpp"
#include "telemetry/fleet_range.hpp"
#include "telemetry/ndjson_export.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace breakwater::app {

namespace {

constexpr std::size_t page_size = 2048; ///< some blocks: each is decoded once

/// What is asked for, understood.
struct wanted_range {
    std::vector<device_id> devices;
    storage::reading_filter filter; ///< its device is set as the export goes on
    std::optional<telemetry::export_position> after;
};

result<std::optional<timestamp>> time_of(std::string_view option, const std::string& text) {
    if (text.empty())
        return std::nullopt;
    const auto at = parse_lenient_time(text);
    if (!at)
        return fail(errc::invalid_input,
                    fmt::format("{} must be a time like 2026-01-31T08:00:00Z, not {:?}.", option, text));
    return at;
}

result<wanted_range> understand(const export_options& chosen) {
    const auto since = time_of("--since", chosen.since);
    if (!since)
        return std::unexpected(since.error());
    const auto until = time_of("--until", chosen.until);
    if (!until)
        return std::unexpected(until.error());
    if (*since && *until && **since > **until)
        return fail(errc::invalid_input, "--since is later than --until.");
    wanted_range wanted{.devices = {},
                        .filter = {.device_id = {},
                                   .since = *since,
                                   .until = *until,
                                   .include_simulated = chosen.include_simulated},
                        .after = {}};
    if (!chosen.after.empty()) {
        wanted.after = telemetry::parse_export_position(chosen.after);
        if (!wanted.after)
            return fail(errc::invalid_input,
                        fmt::format("--after must be DEVICE/RECEIVED_AT/ID as a line tells them, not {:?}.",
                                    chosen.after));
    }
    for (const std::string& text : chosen.devices) {
        const auto id = uuid::parse(text);
        if (!id)
            return fail(errc::invalid_input,
                        fmt::format("{:?} is not a device's id; `breakwater device list` shows them.", text));
        if (std::ranges::find(wanted.devices, *id) == wanted.devices.end())
            wanted.devices.push_back(*id);
    }
    return wanted;
}

result<void> find_devices(core& parts, wanted_range& wanted, bool all) {
    for (const device_id& id : wanted.devices)
        if (!parts.devices.find(id))
            return fail(errc::not_found, fmt::format("There is no device {}.", id.to_string()));
    if (!all)
        return {};
    const auto devices = parts.device_service->list({}, operator_at_the_shell("export"));
    if (!devices)
        return std::unexpected(devices.error());
    for (const device& known : *devices)
        wanted.devices.push_back(known.id);
    return {};
}

result<std::uint64_t> count(core& parts, wanted_range wanted) {
    std::uint64_t total = 0;
    for (const device_id& id : wanted.devices) {
        wanted.filter.device_id = id;
        const auto found = parts.reading_service->summary(wanted.filter, operator_at_the_shell("export"));
        if (!found)
            return std::unexpected(found.error());
        total += static_cast<std::uint64_t>(found->total);
    }
    return total;
}

result<telemetry::page_source> rows_of(core& parts, const wanted_range& wanted,
                                       std::function<void(std::size_t)> told) {
    return telemetry::fleet_range(
        wanted.devices, wanted.filter, wanted.after,
        [&parts, told = std::move(told)](
            const storage::reading_filter& filter,
            std::optional<storage::reading_position> after) -> result<std::vector<reading>> {
            if (interruption::asked())
                return fail(errc::bad_state, "Interrupted; nothing was exported.");
            auto page = parts.reading_service->export_page(filter, after, page_size);
            if (page && !page->empty())
                told(page->size());
            return page;
        });
}

template <class Export>
result<std::int64_t> write_rows(Export rows, output_file& out) {
    std::string piece;
    for (;;) {
        piece.clear();
        const auto more = rows.next(piece);
        if (!more)
            return std::unexpected(more.error());
        if (!*more)
            return rows.rows();
        if (auto written = out.write(piece); !written)
            return pass(std::move(written));
    }
}

int run_export(core& parts, wanted_range& wanted, const export_options& chosen) {
    if (const auto found = find_devices(parts, wanted, chosen.all); !found)
        return refuse(found.error());
    if (!wanted.filter.until)
        wanted.filter.until = parts.time.now(); // what comes in from now on is for the next export
    auto out = output_file::open(chosen.output, chosen.force);
    if (!out) {
        error why = std::move(out).error();
        if (!chosen.force && std::filesystem::is_regular_file(chosen.output))
            why.detail += " --force overwrites it.";
        return refuse(why);
    }
    const auto readings = count(parts, wanted);
    if (!readings)
        return refuse(readings.error());
    const bool csv = chosen.format == export_format::csv;
    const std::uint64_t total = csv ? *readings * 2 : *readings; // the columns are looked for first
    std::optional<interruption> polite;
    if (out->is_new_file())
        polite.emplace();
    result<std::int64_t> rows;
    {
        progress_line line{parts.time, csv ? "columns, then rows:" : "readings:"};
        std::uint64_t done = 0;
        const auto source = rows_of(parts, wanted, [&](std::size_t more) { line.show(done += more, total); });
        if (!source)
            return refuse(source.error(), exit_usage);
        rows = csv ? write_rows(telemetry::csv_export{*source}, *out)
                   : write_rows(telemetry::ndjson_export{*source}, *out);
    }
    if (!rows)
        return refuse(rows.error());
    if (const auto finished = out->finish(); !finished)
        return refuse(finished.error());
    remark(fmt::format("{} reading(s) of {} device(s) exported{}.", *rows, wanted.devices.size(),
                       chosen.output == "-" ? "" : " to " + chosen.output));
    return exit_success;
}

} // namespace

int export_readings(const export_options& chosen) {
    auto wanted = understand(chosen);
    if (!wanted)
        return refuse(wanted.error(), exit_usage);
    return with_core(true, [&](core& parts) { return run_export(parts, *wanted, chosen); });
}

} // namespace breakwater::app

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

constexpr std::size_t page_size = 2048; ///< several blocks, so that each is decoded once

/// The parsed options.
struct export_request {
    std::vector<device_id> devices;
    storage::reading_filter filter; ///< the export sets its device
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

result<export_request> parse_options(const export_options& options) {
    const auto since = time_of("--since", options.since);
    if (!since)
        return std::unexpected(since.error());
    const auto until = time_of("--until", options.until);
    if (!until)
        return std::unexpected(until.error());
    if (*since && *until && **since > **until)
        return fail(errc::invalid_input, "--since is later than --until.");
    export_request request{.devices = {},
                           .filter = {.device_id = {},
                                      .since = *since,
                                      .until = *until,
                                      .include_simulated = options.include_simulated},
                           .after = {}};
    if (!options.after.empty()) {
        request.after = telemetry::parse_export_position(options.after);
        if (!request.after)
            return fail(errc::invalid_input,
                        fmt::format("--after must be DEVICE/RECEIVED_AT/ID as in an exported line, not {:?}.",
                                    options.after));
    }
    for (const std::string& text : options.devices) {
        const auto id = uuid::parse(text);
        if (!id)
            return fail(
                errc::invalid_input,
                fmt::format("{:?} is not a device id. `breakwater device list` shows the ids.", text));
        if (std::ranges::find(request.devices, *id) == request.devices.end())
            request.devices.push_back(*id);
    }
    return request;
}

result<void> resolve_devices(core& parts, export_request& request, bool all) {
    for (const device_id& id : request.devices)
        if (!parts.devices.find(id))
            return fail(errc::not_found, fmt::format("There is no device {}.", id.to_string()));
    if (!all)
        return {};
    const auto devices = parts.device_service.list({}, operator_at_the_shell("export"));
    if (!devices)
        return std::unexpected(devices.error());
    for (const device& device : *devices)
        request.devices.push_back(device.id);
    return {};
}

result<std::uint64_t> count_readings(core& parts, export_request request) {
    std::uint64_t total = 0;
    for (const device_id& id : request.devices) {
        request.filter.device_id = id;
        const auto summary = parts.reading_service.summary(request.filter, operator_at_the_shell("export"));
        if (!summary)
            return std::unexpected(summary.error());
        total += static_cast<std::uint64_t>(summary->total);
    }
    return total;
}

result<telemetry::page_source> rows_of(core& parts, const export_request& request,
                                       std::function<void(std::size_t)> on_page) {
    return telemetry::fleet_range(
        request.devices, request.filter, request.after,
        [&parts, on_page = std::move(on_page)](
            const storage::reading_filter& filter,
            std::optional<storage::reading_position> after) -> result<std::vector<reading>> {
            if (interruption::requested())
                return fail(errc::bad_state, "Interrupted. Nothing was exported.");
            auto page = parts.reading_service.export_page(filter, after, page_size);
            if (page && !page->empty())
                on_page(page->size());
            return page;
        });
}

template <class Export>
result<std::int64_t> write_rows(Export rows, output_file& out) {
    std::string chunk;
    for (;;) {
        chunk.clear();
        const auto more = rows.next(chunk);
        if (!more)
            return std::unexpected(more.error());
        if (!*more)
            return rows.rows();
        if (auto written = out.write(chunk); !written)
            return pass(std::move(written));
    }
}

int run_export(core& parts, export_request& request, const export_options& options) {
    if (const auto resolved = resolve_devices(parts, request, options.all); !resolved)
        return refuse(resolved.error());
    if (!request.filter.until)
        request.filter.until = parts.time.now(); // later readings belong to the next export
    auto out = output_file::open(options.output, options.force);
    if (!out) {
        error failure = std::move(out).error();
        if (!options.force && std::filesystem::is_regular_file(options.output))
            failure.detail += " --force overwrites it.";
        return refuse(failure);
    }
    const auto readings = count_readings(parts, request);
    if (!readings)
        return refuse(readings.error());
    const bool csv = options.format == export_format::csv;
    const std::uint64_t total = csv ? *readings * 2 : *readings; // the first pass collects the columns
    std::optional<interruption> handler;
    if (out->is_new_file())
        handler.emplace();
    result<std::int64_t> rows;
    {
        progress_line line{parts.time, csv ? "columns, then rows:" : "readings:"};
        std::uint64_t done = 0;
        const auto source =
            rows_of(parts, request, [&](std::size_t count) { line.show(done += count, total); });
        if (!source)
            return refuse(source.error(), exit_usage);
        rows = csv ? write_rows(telemetry::csv_export{*source}, *out)
                   : write_rows(telemetry::ndjson_export{*source}, *out);
    }
    if (!rows)
        return refuse(rows.error());
    if (const auto finished = out->finish(); !finished)
        return refuse(finished.error());
    remark(fmt::format("{} reading(s) of {} device(s) exported{}.", *rows, request.devices.size(),
                       options.output == "-" ? "" : " to " + options.output));
    return exit_success;
}

} // namespace

int export_readings(const export_options& options) {
    auto request = parse_options(options);
    if (!request)
        return refuse(request.error(), exit_usage);
    return with_core(true, [&](core& parts) { return run_export(parts, *request, options); });
}

} // namespace breakwater::app

#include "api/reading_handlers.hpp"

#include "api/cursor.hpp"
#include "api/handler_support.hpp"
#include "base/calendar.hpp"
#include "base/json_text.hpp"
#include "domain/field_name.hpp"
#include "http/compression.hpp"
#include "http/field_scanner.hpp"
#include "net/io_executor.hpp"
#include "telemetry/calendar_steps.hpp"
#include "telemetry/csv_export.hpp"
#include "telemetry/fleet_range.hpp"
#include "telemetry/ndjson_export.hpp"
#include "telemetry/series_step.hpp"
#include "wire/reading_dto.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace breakwater::api::readings {

namespace {

constexpr std::size_t export_page_size = 2048; ///< several blocks, so that each block is decoded once
constexpr std::size_t max_series_fields = 16;
constexpr std::size_t max_decoded_batch = std::size_t{8} << 20;
constexpr std::string_view ndjson_type = "application/x-ndjson";

/// A GET request for a device's readings: the device in the path, and the query.
template <class Query>
struct reading_query {
    uuid device;
    Query query;

    static result<reading_query> from(const http::request& request) {
        const auto device = wire::schema::parse_path<uuid>("id", request.path_parameters[0]);
        if (!device)
            return std::unexpected(device.error());
        auto query = parse_query<Query>(request.query);
        if (!query)
            return pass(std::move(query));
        return reading_query{*device, std::move(*query)};
    }

    [[nodiscard]] storage::reading_filter filter() const {
        return {.device_id = device,
                .since = query.since,
                .until = query.until,
                .include_simulated = query.include_simulated};
    }
};

/// Produces an export while the response is sent.
template <class Export>
class export_body final : public http::body_source {
public:
    explicit export_body(telemetry::page_source source) : rows_{std::move(source)} {}

    result<bool> next(std::string& out) override { return rows_.next(out); }

private:
    Export rows_;
};

enum class export_format : bool { csv, ndjson };

/// The response with an export of `devices`, oldest reading first. REQUIRES: the caller may see the devices.
http::response export_of(const dependencies& deps, const http::request& request,
                         std::vector<device_id> devices, const wire::export_query& query, timestamp now,
                         export_format format, std::string_view file_name);

/// Parses names separated by commas; drops repeated names.
result<std::vector<std::string>> field_names(std::string_view text) {
    std::vector<std::string> names;
    for (const std::string_view name : split_field_names(text)) {
        if (const auto path = parse_field_name(name); !path)
            return std::unexpected(
                bad_query("field", fmt::format("Must be names separated by commas; `{}` is not a name. {}",
                                               name, path.error().detail)));
        if (std::ranges::find(names, name) == names.end())
            names.emplace_back(name);
        if (names.size() > max_series_fields)
            return std::unexpected(
                bad_query("field", fmt::format("Must have at most {} names.", max_series_fields)));
    }
    return names;
}

reading to_reading(wire::reading_request&& body) {
    return {.device_id = {},
            .device_timestamp = body.device_timestamp,
            .payload = std::move(body.payload.text),
            .message_id = body.message_id ? std::move(body.message_id->value) : std::string{}};
}

/// The lines that are not blank; `too_large` if there are more than `max_lines`.
result<std::vector<std::string_view>> lines_of(std::string_view text, std::size_t max_lines) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (const std::string_view line = text.substr(0, end); line.find_first_not_of(" \t\r") != line.npos)
            lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (lines.size() > max_lines)
            return fail(errc::too_large, fmt::format("A batch may have at most {} readings.", max_lines));
    }
    return lines;
}

/// Whether the text is not JSON or not an object, rather than a member being invalid.
bool concerns_whole_text(const error& failure) {
    return !failure.fields.empty() && failure.fields.front().loc == "body";
}

result<std::vector<telemetry::submitted_reading>> read_batch(const dependencies& deps,
                                                             http::request& request) {
    if (const auto coding = http::content_coding_of(request)) {
        auto decoded = http::decode_content(*coding, request.body, max_decoded_batch);
        if (!decoded)
            return pass(std::move(decoded));
        request.body = std::move(*decoded);
    }
    const bool is_ndjson = http::is_utf8_media_type(request.header("content-type").value_or(""), ndjson_type);
    const std::size_t max_readings = deps.max_batch_readings;
    const auto texts =
        is_ndjson ? lines_of(request.body, max_readings) : split_json_array(request.body, max_readings);
    if (!texts) {
        error failure = texts.error();
        if (failure.code == errc::too_large)
            failure.limit =
                limit_info{.name = "batch_readings", .quota = static_cast<std::int64_t>(max_readings)};
        return std::unexpected(std::move(failure));
    }
    std::vector<telemetry::submitted_reading> items;
    items.reserve(texts->size());
    bool is_checked = false;
    for (const std::string_view text : *texts) {
        auto body = wire::schema::parse<wire::reading_request>(text);
        telemetry::submitted_reading& item = items.emplace_back();
        if (body) {
            item.reading = to_reading(std::move(*body));
            continue;
        }
        // Each line is a JSON text of its own, but an array is a single one: if one element is not JSON, the
        // whole body is not JSON.
        if (!is_ndjson && concerns_whole_text(body.error()) && !std::exchange(is_checked, true))
            if (auto valid = check_json(request.body); !valid)
                return pass(std::move(valid));
        item.refusal = std::move(body).error();
        if (!item.refusal->fields.empty()) { // the batch result shows `detail` alone, so it names the field
            const field_error& first = item.refusal->fields.front();
            item.refusal->detail = first.loc == "body" ? first.msg : first.loc.substr(5) + ": " + first.msg;
        }
    }
    if (items.empty())
        return fail(errc::invalid_input, "The batch has no readings.");
    return items;
}

http::response batch_response(const telemetry::submission_outcome& outcome, const http::request& request) {
    wire::batch_response out;
    out.ids.reserve(outcome.items.size());
    bool only_rate_limited = true;
    auto stored = outcome.readings().begin();
    for (const telemetry::submitted_reading& item : outcome.items) {
        if (!item.refusal) {
            out.ids.push_back(stored->id);
            ++(stored++->outcome == append_outcome::repeated ? out.repeated : out.accepted);
            continue;
        }
        out.ids.push_back(0);
        const error& failure = *item.refusal;
        only_rate_limited = only_rate_limited && failure.code == errc::rate_limited;
        std::optional<std::int64_t> retry_after;
        if (failure.retry_after)
            retry_after = failure.retry_after->count();
        out.refused.push_back({.index = &item - outcome.items.data(),
                               .status = status_of(failure.code),
                               .detail = failure.detail,
                               .retry_after = retry_after});
    }
    // A sender that ignores the batch result still understands 429.
    if (out.refused.size() == outcome.items.size() && only_rate_limited)
        return to_response(*outcome.items.front().refusal, request);
    return json(out);
}

using answer_builder = http::response (*)(const telemetry::submission_outcome&, const http::request&);

/// Submits the readings. Builds the response with `to_answer` on the connection's thread, because all writes
/// would wait for this work in `done`.
void submit(const dependencies& deps, http::request& request, telemetry::submission::form kind,
            std::vector<telemetry::submitted_reading> items, answer_builder to_answer, http::respond done) {
    deps.ingest.submit(
        {.device = principal_of(request).device,
         .kind = kind,
         .items = std::move(items),
         .origin = [&request] { return origin_of(request); },
         .done =
             [&request, to_answer,
              respond = std::move(done)](result<telemetry::submission_outcome> outcome) mutable {
                 request.executor->post([&request, to_answer, outcome = std::move(outcome),
                                         respond = std::move(respond)]() mutable {
                     respond(outcome ? to_answer(*outcome, request) : to_response(outcome.error(), request));
                 });
             }});
}

} // namespace

void upload(const dependencies& deps, http::request& request, http::respond done) {
    std::vector<telemetry::submitted_reading> items(1);
    if (auto body = wire::schema::parse<wire::reading_request>(request.body))
        items.front().reading = to_reading(std::move(*body));
    else
        items.front().refusal = std::move(body).error();
    submit(
        deps, request, telemetry::submission::form::single, std::move(items),
        [](const telemetry::submission_outcome& outcome, const http::request&) {
            return json(wire::to_dto(outcome.readings().front()), 201);
        },
        std::move(done));
}

void upload_batch(const dependencies& deps, http::request& request, http::respond done) {
    auto items = read_batch(deps, request);
    if (!items)
        return deps.ingest.refuse_malformed(
            principal_of(request).device, origin_of(request), std::move(items).error(),
            [&request, respond = std::move(done)](const error& failure) mutable {
                respond(to_response(failure, request));
            });
    submit(deps, request, telemetry::submission::form::batch, std::move(*items), batch_response,
           std::move(done));
}

http::response list(const dependencies& deps, const http::request& request) {
    const auto parsed = reading_query<wire::reading_list_query>::from(request);
    if (!parsed)
        return to_response(parsed.error(), request);
    const wire::reading_list_query& query = parsed->query;
    std::optional<storage::reading_position> after;
    if (query.cursor) {
        const auto position = reading_cursor(query.cursor->value);
        if (!position)
            return to_response(position.error(), request);
        after = *position;
    }
    const std::size_t limit = std::min(static_cast<std::size_t>(query.limit.value), deps.max_page_size);
    auto page = deps.readings.page(parsed->filter(), after, limit + 1,
                                   caller_of(request)); // one more shows whether there is a next page
    if (!page)
        return to_response(page.error(), request);
    std::size_t bytes = 0;
    for (const reading& entry : *page)
        bytes += entry.payload.size();
    const bool has_more = page->size() > limit || bytes >= storage::max_page_bytes;
    if (page->size() > limit)
        page->pop_back();
    std::string cursor;
    if (has_more)
        cursor = to_cursor(storage::reading_position{page->back().received_at, page->back().id});
    std::vector<wire::reading_response> rows;
    rows.reserve(page->size());
    for (reading& entry : *page)
        rows.push_back(wire::to_dto(std::move(entry)));
    http::response response = json(rows);
    if (has_more)
        add_next_cursor(response, request, cursor);
    return response;
}

http::response meta(const dependencies& deps, const http::request& request) {
    const auto parsed = reading_query<wire::reading_range_query>::from(request);
    if (!parsed)
        return to_response(parsed.error(), request);
    const auto summary = deps.readings.summary(parsed->filter(), caller_of(request));
    if (!summary)
        return to_response(summary.error(), request);
    return json(wire::readings_meta{.total_readings = summary->total,
                                    .latest_received_at = summary->newest,
                                    .oldest_received_at = summary->oldest});
}

namespace {

/// The steps of a series: all of one length since 1970, or those of a calendar.
struct series_steps {
    std::chrono::microseconds length{};
    std::optional<wire::series_calendar> calendar{};
};

wire::series_calendar to_calendar(const time_zone& zone, telemetry::calendar_steps&& steps) {
    return {.time_zone = std::string{zone.name()},
            .unit = steps.step.unit,
            .count = steps.step.count,
            .bounds = std::move(steps.bounds)};
}

result<series_steps> steps_of(const wire::series_query& query, timestamp since, timestamp until) {
    const auto points = static_cast<std::size_t>(query.points.value);
    if (!query.tz && !query.step)
        return series_steps{telemetry::series_step(since, until, points)};
    const auto zone = query.tz ? time_zone::find(query.tz->value) : time_zone{};
    if (!zone && zone.error().code == errc::not_found)
        return std::unexpected(
            bad_query("tz", "Must be the name of an IANA time zone, such as Europe/Warsaw."));
    if (!zone)
        return std::unexpected(zone.error());
    if (query.step) {
        const calendar_step step{*query.step};
        auto bounds = telemetry::step_bounds(*zone, step, since, until, points);
        if (!bounds)
            return std::unexpected(bad_query(
                "step", fmt::format("Must be longer, or the range shorter: the range has more than {} steps.",
                                    points)));
        return series_steps{telemetry::usual_length(step), to_calendar(*zone, {step, std::move(*bounds)})};
    }
    // Steps shorter than an hour are the same in every time zone of today.
    if (const auto length = telemetry::series_step(since, until, points); length < std::chrono::hours{1})
        return series_steps{length};
    auto steps = telemetry::choose_calendar_steps(*zone, since, until, points);
    const auto length = telemetry::usual_length(steps.step);
    return series_steps{length, to_calendar(*zone, std::move(steps))};
}

} // namespace

http::response series(const dependencies& deps, const http::request& request) {
    const auto parsed = reading_query<wire::series_query>::from(request);
    if (!parsed)
        return to_response(parsed.error(), request);
    const wire::series_query& query = parsed->query;
    if (!query.field)
        return to_response(bad_query("field", "This field is required."), request);
    const auto fields = field_names(query.field->value);
    if (!fields)
        return to_response(fields.error(), request);
    const timestamp until = query.until.value_or(deps.time.now());
    const timestamp since = query.since.value_or(shifted(until, -std::chrono::days{1}));
    if (since >= until)
        return to_response(bad_query("since", "Must be before `until`."), request);
    auto steps = steps_of(query, since, until);
    if (!steps)
        return to_response(steps.error(), request);
    const storage::series_query filter{.device_id = parsed->device,
                                       .from = since,
                                       .to = until,
                                       .include_simulated = query.include_simulated,
                                       .fields = *fields,
                                       .step = steps->length,
                                       .bounds = steps->calendar ? steps->calendar->bounds
                                                                 : std::vector<timestamp>{}};
    const auto aggregates = deps.readings.aggregates(filter, caller_of(request));
    if (!aggregates)
        return to_response(aggregates.error(), request);
    wire::series_response out{.device_id = parsed->device,
                              .since = since,
                              .until = until,
                              .step_seconds = std::chrono::duration<double>{steps->length}.count(),
                              .calendar = std::move(steps->calendar),
                              .series = {}};
    for (std::size_t i = 0; i < fields->size(); ++i) {
        wire::field_series& field = out.series.emplace_back((*fields)[i]);
        for (const auto& [start, aggregate] : (*aggregates)[i])
            field.buckets.push_back({.start = std::max(start, first_timestamp),
                                     .count = aggregate.count,
                                     .min = aggregate.min,
                                     .max = aggregate.max,
                                     .mean = aggregate.mean(),
                                     .first = aggregate.first,
                                     .last = aggregate.last});
    }
    return json(out);
}

namespace {

http::response export_of(const dependencies& deps, const http::request& request,
                         std::vector<device_id> devices, const wire::export_query& query, timestamp now,
                         export_format format, std::string_view file_name) {
    std::optional<telemetry::export_position> after;
    if (query.after) {
        after = telemetry::parse_export_position(query.after->value);
        if (!after)
            return to_response(
                bad_query("after",
                          "Must be the position of a line of this export: DEVICE_ID/RECEIVED_AT/ID."),
                request);
    }
    auto pages = telemetry::fleet_range(
        std::move(devices),
        {.device_id = {},
         .since = query.since,
         .until = query.until.value_or(now), // later readings belong to the next export
         .include_simulated = query.include_simulated},
        after,
        [&readings = deps.readings](const storage::reading_filter& filter,
                                    std::optional<storage::reading_position> position) {
            return readings.export_page(filter, position, export_page_size);
        });
    if (!pages)
        return to_response(
            bad_query("after",
                      "Must be the position of a line of this export: the device is not part of it."),
            request);
    http::response response;
    const bool csv = format == export_format::csv;
    response.content_type = csv ? "text/csv; charset=utf-8; header=present" : ndjson_type;
    response.headers.emplace_back("Content-Disposition", fmt::format(R"(attachment; filename="{}.{}")",
                                                                     file_name, csv ? "csv" : "ndjson"));
    if (csv)
        response.stream = std::make_unique<export_body<telemetry::csv_export>>(std::move(*pages));
    else
        response.stream = std::make_unique<export_body<telemetry::ndjson_export>>(std::move(*pages));
    return response;
}

http::response export_device(const dependencies& deps, const http::request& request, export_format format) {
    const auto parsed = reading_query<wire::export_query>::from(request);
    if (!parsed)
        return to_response(parsed.error(), request);
    const timestamp now = deps.time.now();
    if (const auto allowed = deps.readings.authorise_export(parsed->device, now, caller_of(request));
        !allowed)
        return to_response(allowed.error(), request);
    return export_of(deps, request, {parsed->device}, parsed->query, now, format,
                     fmt::format("readings-{}", parsed->device.to_string()));
}

http::response export_fleet(const dependencies& deps, const http::request& request, export_format format) {
    const auto query = parse_query<wire::export_query>(request.query);
    if (!query)
        return to_response(query.error(), request);
    const timestamp now = deps.time.now();
    auto devices = deps.readings.authorise_export(now, caller_of(request));
    if (!devices)
        return to_response(devices.error(), request);
    return export_of(deps, request, std::move(*devices), *query, now, format, "readings");
}

} // namespace

http::response csv(const dependencies& deps, const http::request& request) {
    return export_device(deps, request, export_format::csv);
}

http::response ndjson(const dependencies& deps, const http::request& request) {
    return export_device(deps, request, export_format::ndjson);
}

http::response fleet_csv(const dependencies& deps, const http::request& request) {
    return export_fleet(deps, request, export_format::csv);
}

http::response fleet_ndjson(const dependencies& deps, const http::request& request) {
    return export_fleet(deps, request, export_format::ndjson);
}

} // namespace breakwater::api::readings

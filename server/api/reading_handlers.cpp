#include "api/reading_handlers.hpp"

#include "api/cursor.hpp"
#include "api/dto/reading_dto.hpp"
#include "api/handler_support.hpp"
#include "base/calendar.hpp"
#include "base/io_lane.hpp"
#include "base/json_text.hpp"
#include "domain/field_name.hpp"
#include "http/compression.hpp"
#include "http/field_scanner.hpp"
#include "telemetry/calendar_steps.hpp"
#include "telemetry/csv_export.hpp"
#include "telemetry/fleet_range.hpp"
#include "telemetry/ndjson_export.hpp"
#include "telemetry/series_step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace breakwater::api::readings {

namespace {

constexpr std::size_t export_page_size = 2048; ///< some blocks: each is decoded once
constexpr std::size_t max_series_fields = 16;
constexpr std::size_t max_decoded_batch = std::size_t{8} << 20;
constexpr std::string_view ndjson_type = "application/x-ndjson";

/// What a GET of a device's readings names: the device in its path, and the query.
template <class Query>
struct reading_question {
    uuid device;
    Query query;

    static result<reading_question> from(const http::request& asked) {
        const auto device = schema::parse_path<uuid>("id", asked.path_parameters[0]);
        if (!device)
            return std::unexpected(device.error());
        auto query = schema::parse_query<Query>(asked.query);
        if (!query)
            return pass(std::move(query));
        return reading_question{*device, std::move(*query)};
    }

    [[nodiscard]] storage::reading_filter filter() const {
        return {.device_id = device,
                .since = query.since,
                .until = query.until,
                .include_simulated = query.include_simulated};
    }
};

/// An export, made while it is sent.
template <class Export>
class export_body final : public http::body_source {
public:
    explicit export_body(telemetry::page_source from) : rows_{std::move(from)} {}

    result<bool> next(std::string& out) override { return rows_.next(out); }

private:
    Export rows_;
};

enum class export_form : bool { csv, ndjson };

/// The answer to an export of those devices, oldest first. REQUIRES: the caller may see them.
http::response export_of(const api_parts& with, const http::request& asked, std::vector<device_id> devices,
                         const dto::export_query& query, timestamp now, export_form form,
                         std::string_view file_name);

/// The names between the commas.
result<std::vector<std::string>> field_names(std::string_view text) {
    std::vector<std::string> names;
    for (const std::string_view name : split_field_names(text)) {
        if (const auto path = parse_field_name(name); !path)
            return std::unexpected(
                bad_query("field", fmt::format("Must be names separated by commas; `{}` isn't one. {}", name,
                                               path.error().detail)));
        if (std::ranges::find(names, name) == names.end())
            names.emplace_back(name);
        if (names.size() > max_series_fields)
            return std::unexpected(
                bad_query("field", fmt::format("Must be at most {} names.", max_series_fields)));
    }
    return names;
}

/// Puts it on record that what a device sent can't be read, then tells it.
void refuse_upload(const api_parts& with, http::request& asked, const error& why, http::respond done) {
    with.ingest.count_malformed(asked.principal.device);
    with.denials.record({.created_at = with.time.now(),
                         .actor = actor_type::device,
                         .actor_id = asked.principal.device.to_string(),
                         .type = event_type::reading_reject,
                         .status = event_status::denied,
                         .target = target_of(target_type::device, asked.principal.device),
                         .detail = why.detail,
                         .origin = origin_of(asked)},
                        [&asked, why, answer = std::move(done)](result<void> recorded) mutable {
                            answer(to_response(recorded ? why : recorded.error(), asked));
                        });
}

reading to_reading(dto::reading_request&& body) {
    return {.device_id = {},
            .device_timestamp = body.device_timestamp,
            .payload = std::move(body.payload.text),
            .message_id = body.message_id ? std::move(body.message_id->value) : std::string{}};
}

/// The lines that aren't blank; `too_large` past `most`.
result<std::vector<std::string_view>> lines_of(std::string_view text, std::size_t most) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (const std::string_view line = text.substr(0, end); line.find_first_not_of(" \t\r") != line.npos)
            lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (lines.size() > most)
            return fail(errc::too_large, fmt::format("A batch may have at most {} readings.", most));
    }
    return lines;
}

/// Whether it is the text itself that is wrong, or what it is, and not a member of it.
bool is_of_whole(const error& why) {
    return !why.fields.empty() && why.fields.front().loc == "body";
}

result<std::vector<telemetry::batch_item>> read_batch(const api_parts& with, http::request& asked) {
    if (const auto coding = http::content_coding_of(asked)) {
        auto decoded = http::decode_content(*coding, asked.body, max_decoded_batch);
        if (!decoded)
            return pass(std::move(decoded));
        asked.body = std::move(*decoded);
    }
    const bool by_lines = http::is_utf8_of(asked.header("content-type").value_or(""), ndjson_type);
    const std::size_t most = with.settings.max_batch_readings;
    const auto texts = by_lines ? lines_of(asked.body, most) : split_json_array(asked.body, most);
    if (!texts) {
        error why = texts.error();
        if (why.code == errc::too_large)
            why.limit = limit_info{.name = "batch_readings", .quota = static_cast<std::int64_t>(most)};
        return std::unexpected(std::move(why));
    }
    std::vector<telemetry::batch_item> items;
    items.reserve(texts->size());
    bool checked = false;
    for (const std::string_view text : *texts) {
        auto body = schema::parse<dto::reading_request>(text);
        telemetry::batch_item& item = items.emplace_back();
        if (body) {
            item.what = to_reading(std::move(*body));
            continue;
        }
        // Lines are JSON texts of their own, but an array is one: a single one that isn't JSON makes the
        // whole none.
        if (!by_lines && is_of_whole(body.error()) && !std::exchange(checked, true))
            if (auto whole = check_json(asked.body); !whole)
                return pass(std::move(whole));
        item.refused = std::move(body).error();
        if (!item.refused->fields.empty()) { // it stands alone here, so it says more
            const field_error& first = item.refused->fields.front();
            item.refused->detail = first.loc == "body" ? first.msg : first.loc.substr(5) + ": " + first.msg;
        }
    }
    if (items.empty())
        return fail(errc::invalid_input, "The batch has no readings.");
    return items;
}

http::response batch_answer(const std::vector<telemetry::batch_item>& items, const http::request& asked) {
    dto::batch_response out;
    out.ids.reserve(items.size());
    bool limited_only = true;
    for (const telemetry::batch_item& item : items) {
        out.ids.push_back(item.refused ? 0 : item.what.id);
        if (item.refused) {
            const error& why = *item.refused;
            limited_only = limited_only && why.code == errc::rate_limited;
            std::optional<std::int64_t> retry;
            if (why.retry_after)
                retry = why.retry_after->count();
            out.refused.push_back({.index = &item - items.data(),
                                   .status = status_of(why.code),
                                   .detail = why.detail,
                                   .retry_after = retry});
        } else {
            ++(item.what.repeated ? out.repeated : out.accepted);
        }
    }
    // A sender that knows nothing of batches still knows what 429 means.
    if (out.refused.size() == items.size() && limited_only)
        return to_response(*items.front().refused, asked);
    return json(out);
}

} // namespace

void upload(const api_parts& with, http::request& asked, http::respond done) {
    auto body = schema::parse<dto::reading_request>(asked.body);
    if (!body)
        return refuse_upload(with, asked, body.error(), std::move(done));
    reading arrived = to_reading(std::move(*body));
    arrived.device_id = asked.principal.device;
    with.ingest.upload(std::move(arrived), origin_of(asked),
                       [&asked, answer = std::move(done)](result<reading> stored) mutable {
                           // The answer is made on the connection's own thread: the writer has better things
                           // to do.
                           asked.lane->post(
                               [&asked, stored = std::move(stored), answer = std::move(answer)]() mutable {
                                   answer(stored ? json(dto::to_dto(std::move(*stored)), 201)
                                                 : to_response(stored.error(), asked));
                               });
                       });
}

void upload_batch(const api_parts& with, http::request& asked, http::respond done) {
    auto items = read_batch(with, asked);
    if (!items)
        return refuse_upload(with, asked, items.error(), std::move(done));
    with.ingest.upload_batch(
        asked.principal.device, std::move(*items), origin_of(asked),
        [&asked, answer = std::move(done)](result<std::vector<telemetry::batch_item>> settled) mutable {
            asked.lane->post([&asked, settled = std::move(settled), answer = std::move(answer)]() mutable {
                answer(settled ? batch_answer(*settled, asked) : to_response(settled.error(), asked));
            });
        });
}

http::response list(const api_parts& with, const http::request& asked) {
    const auto question = reading_question<dto::reading_list_query>::from(asked);
    if (!question)
        return to_response(question.error(), asked);
    const dto::reading_list_query& query = question->query;
    std::optional<storage::reading_position> after;
    if (query.cursor) {
        const auto place = reading_cursor(query.cursor->value);
        if (!place)
            return to_response(place.error(), asked);
        after = *place;
    }
    const std::size_t limit =
        std::min(static_cast<std::size_t>(query.limit.value), with.settings.max_page_size);
    auto found = with.readings.page(question->filter(), after, limit + 1,
                                    caller_of(asked)); // one more shows whether there is more
    if (!found)
        return to_response(found.error(), asked);
    std::size_t bytes = 0;
    for (const reading& each : *found)
        bytes += each.payload.size();
    const bool more = found->size() > limit || bytes >= storage::max_page_bytes;
    if (found->size() > limit)
        found->pop_back();
    std::string cursor;
    if (more)
        cursor = to_cursor(storage::reading_position{found->back().received_at, found->back().id});
    std::vector<dto::reading_response> rows;
    rows.reserve(found->size());
    for (reading& row : *found)
        rows.push_back(dto::to_dto(std::move(row)));
    http::response answer = json(rows);
    if (more)
        add_next_cursor(answer, asked, cursor);
    return answer;
}

http::response meta(const api_parts& with, const http::request& asked) {
    const auto question = reading_question<dto::reading_range_query>::from(asked);
    if (!question)
        return to_response(question.error(), asked);
    const auto found = with.readings.summary(question->filter(), caller_of(asked));
    if (!found)
        return to_response(found.error(), asked);
    return json(dto::readings_meta{.total_readings = found->total,
                                   .latest_received_at = found->newest,
                                   .oldest_received_at = found->oldest});
}

namespace {

/// The steps of a series: of one length since 1970, or of a calendar.
struct series_steps {
    std::chrono::microseconds length{};
    std::optional<dto::series_calendar> calendar{};
};

dto::series_calendar to_calendar(const time_zone& zone, telemetry::calendar_steps&& chosen) {
    return {.time_zone = std::string{zone.name()},
            .unit = chosen.step.unit,
            .count = chosen.step.count,
            .bounds = std::move(chosen.bounds)};
}

result<series_steps> steps_of(const dto::series_query& query, timestamp since, timestamp until) {
    const auto points = static_cast<std::size_t>(query.points.value);
    if (!query.tz && !query.step)
        return series_steps{telemetry::series_step(since, until, points)};
    const auto zone = query.tz ? time_zone::find(query.tz->value) : time_zone{};
    if (!zone && zone.error().code == errc::not_found)
        return std::unexpected(bad_query("tz", "Must be the name of an IANA time zone, as Europe/Warsaw."));
    if (!zone)
        return std::unexpected(zone.error());
    if (query.step) {
        const telemetry::calendar_step step{*query.step};
        auto bounds = telemetry::step_bounds(*zone, step, since, until, points);
        if (!bounds)
            return std::unexpected(bad_query(
                "step",
                fmt::format("Must be longer, or the range shorter: there are more than {} steps.", points)));
        return series_steps{telemetry::usual_length(step), to_calendar(*zone, {step, std::move(*bounds)})};
    }
    // What is shorter than an hour is the same by all clocks of today.
    if (const auto length = telemetry::series_step(since, until, points); length < std::chrono::hours{1})
        return series_steps{length};
    auto chosen = telemetry::choose_calendar_steps(*zone, since, until, points);
    const auto length = telemetry::usual_length(chosen.step);
    return series_steps{length, to_calendar(*zone, std::move(chosen))};
}

} // namespace

http::response series(const api_parts& with, const http::request& asked) {
    const auto question = reading_question<dto::series_query>::from(asked);
    if (!question)
        return to_response(question.error(), asked);
    const dto::series_query& query = question->query;
    if (!query.field)
        return to_response(bad_query("field", "Field required."), asked);
    const auto fields = field_names(query.field->value);
    if (!fields)
        return to_response(fields.error(), asked);
    const timestamp until = query.until.value_or(with.time.now());
    const timestamp since = query.since.value_or(shifted(until, -std::chrono::days{1}));
    if (since >= until)
        return to_response(bad_query("since", "Must be before `until`."), asked);
    auto steps = steps_of(query, since, until);
    if (!steps)
        return to_response(steps.error(), asked);
    const storage::series_question wanted{.device_id = question->device,
                                          .from = since,
                                          .to = until,
                                          .include_simulated = query.include_simulated,
                                          .fields = *fields,
                                          .step = steps->length,
                                          .bounds = steps->calendar ? steps->calendar->bounds
                                                                    : std::vector<timestamp>{}};
    const auto found = with.readings.aggregates(wanted, caller_of(asked));
    if (!found)
        return to_response(found.error(), asked);
    dto::series_response out{.device_id = question->device,
                             .since = since,
                             .until = until,
                             .step_seconds = std::chrono::duration<double>{steps->length}.count(),
                             .calendar = std::move(steps->calendar),
                             .series = {}};
    for (std::size_t i = 0; i < fields->size(); ++i) {
        dto::field_series& its = out.series.emplace_back((*fields)[i]);
        for (const auto& [start, what] : (*found)[i])
            its.buckets.push_back({.start = std::max(start, first_timestamp),
                                   .count = what.count,
                                   .min = what.min,
                                   .max = what.max,
                                   .mean = what.mean(),
                                   .first = what.first,
                                   .last = what.last});
    }
    return json(out);
}

namespace {

http::response export_of(const api_parts& with, const http::request& asked, std::vector<device_id> devices,
                         const dto::export_query& query, timestamp now, export_form form,
                         std::string_view file_name) {
    std::optional<telemetry::export_position> after;
    if (query.after) {
        after = telemetry::parse_export_position(query.after->value);
        if (!after)
            return to_response(bad_query("after", "Must be DEVICE_ID/RECEIVED_AT/ID."), asked);
    }
    auto pages = telemetry::fleet_range(
        std::move(devices),
        {.device_id = {},
         .since = query.since,
         .until = query.until.value_or(now), // what comes in from now on is for the next export
         .include_simulated = query.include_simulated},
        after,
        [&readings = with.readings](const storage::reading_filter& filter,
                                    std::optional<storage::reading_position> behind) {
            return readings.export_page(filter, behind, export_page_size);
        });
    if (!pages)
        return to_response(bad_query("after", "Must be of a device of this export."), asked);
    http::response answer;
    const bool csv = form == export_form::csv;
    answer.content_type = csv ? "text/csv; charset=utf-8; header=present" : std::string{ndjson_type};
    answer.headers.emplace_back("Content-Disposition", fmt::format(R"(attachment; filename="{}.{}")",
                                                                   file_name, csv ? "csv" : "ndjson"));
    if (csv)
        answer.stream = std::make_unique<export_body<telemetry::csv_export>>(std::move(*pages));
    else
        answer.stream = std::make_unique<export_body<telemetry::ndjson_export>>(std::move(*pages));
    return answer;
}

http::response export_device(const api_parts& with, const http::request& asked, export_form form) {
    const auto question = reading_question<dto::export_query>::from(asked);
    if (!question)
        return to_response(question.error(), asked);
    const timestamp now = with.time.now();
    if (const auto allowed = with.readings.authorise_export(question->device, now, caller_of(asked));
        !allowed)
        return to_response(allowed.error(), asked);
    return export_of(with, asked, {question->device}, question->query, now, form,
                     fmt::format("readings-{}", question->device.to_string()));
}

http::response export_fleet(const api_parts& with, const http::request& asked, export_form form) {
    const auto query = schema::parse_query<dto::export_query>(asked.query);
    if (!query)
        return to_response(query.error(), asked);
    const timestamp now = with.time.now();
    auto devices = with.readings.authorise_export(now, caller_of(asked));
    if (!devices)
        return to_response(devices.error(), asked);
    return export_of(with, asked, std::move(*devices), *query, now, form, "readings");
}

} // namespace

http::response csv(const api_parts& with, const http::request& asked) {
    return export_device(with, asked, export_form::csv);
}

http::response ndjson(const api_parts& with, const http::request& asked) {
    return export_device(with, asked, export_form::ndjson);
}

http::response fleet_csv(const api_parts& with, const http::request& asked) {
    return export_fleet(with, asked, export_form::csv);
}

http::response fleet_ndjson(const api_parts& with, const http::request& asked) {
    return export_fleet(with, asked, export_form::ndjson);
}

} // namespace breakwater::api::readings

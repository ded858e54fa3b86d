#include "api/reading_handlers.hpp"

#include "api/cursor.hpp"
#include "api/dto/reading_dto.hpp"
#include "api/handler_support.hpp"
#include "base/io_lane.hpp"
#include "telemetry/csv_export.hpp"

#include <fmt/format.h>

#include <memory>

namespace breakwater::api::readings {

namespace {

constexpr std::size_t export_page_size = 500;

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

/// The rows of an export, made while they are sent.
class csv_body final : public http::body_source {
public:
    csv_body(services::reading_service& readings, storage::reading_filter filter)
        : rows_{[&readings, filter = std::move(filter)](std::optional<storage::reading_position> after) {
              return readings.export_page(filter, after, export_page_size);
          }} {}

    result<bool> next(std::string& out) override { return rows_.next(out); }

private:
    telemetry::csv_export rows_;
};

} // namespace

void upload(const api_parts& with, http::request& asked, http::respond done) {
    auto body = schema::parse<dto::reading_request>(asked.body);
    if (!body) {
        with.denials.record(
            {.created_at = with.time.now(),
             .actor = actor_type::device,
             .actor_id = asked.principal.device.to_string(),
             .type = event_type::reading_reject,
             .status = event_status::denied,
             .detail = body.error().detail,
             .origin = origin_of(asked)},
            [&asked, why = body.error(), answer = std::move(done)](result<void> recorded) mutable {
                answer(to_response(recorded ? why : recorded.error(), asked));
            });
        return;
    }
    reading arrived{.device_id = asked.principal.device,
                    .device_timestamp = body->device_timestamp,
                    .payload = std::move(body->payload.text)};
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
    const bool more = found->size() > limit;
    if (more)
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

http::response csv(const api_parts& with, const http::request& asked) {
    const auto question = reading_question<dto::reading_range_query>::from(asked);
    if (!question)
        return to_response(question.error(), asked);
    const timestamp now = with.time.now();
    if (const auto allowed = with.readings.authorise_export(question->device, now, caller_of(asked));
        !allowed)
        return to_response(allowed.error(), asked);
    storage::reading_filter filter = question->filter();
    filter.until = filter.until.value_or(now);
    http::response answer;
    answer.content_type = "text/csv; charset=utf-8; header=present";
    answer.headers.emplace_back(
        "Content-Disposition",
        fmt::format(R"(attachment; filename="readings-{}.csv")", question->device.to_string()));
    answer.stream = std::make_unique<csv_body>(with.readings, std::move(filter));
    return answer;
}

} // namespace breakwater::api::readings

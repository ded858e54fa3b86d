#include "wire/reading_dto.hpp"

#include "wire/dto_components.hpp"
#include "wire/message_components.hpp"
#include "wire/schema/reflect.hpp"

namespace breakwater::wire {

BOOST_DESCRIBE_STRUCT(device_token_request, (), (device_id, device_secret))
BOOST_DESCRIBE_STRUCT(device_token_response, (), (access_token, token_type, expires_in_minutes))
BOOST_DESCRIBE_STRUCT(reading_request, (), (payload, device_timestamp, message_id))
BOOST_DESCRIBE_STRUCT(batch_refusal, (), (index, status, detail, retry_after))
BOOST_DESCRIBE_STRUCT(batch_response, (), (accepted, repeated, ids, refused))
BOOST_DESCRIBE_STRUCT(reading_response, (),
                      (id, device_id, device_timestamp, received_at, payload, payload_size))
BOOST_DESCRIBE_STRUCT(exported_reading, (),
                      (id, device_id, device_timestamp, received_at, simulated, payload, payload_size))
BOOST_DESCRIBE_STRUCT(readings_meta, (), (total_readings, latest_received_at, oldest_received_at))
BOOST_DESCRIBE_STRUCT(export_query, (), (since, until, include_simulated, after))
BOOST_DESCRIBE_STRUCT(series_query, (), (field, since, until, points, include_simulated, tz, step))
BOOST_DESCRIBE_STRUCT(series_bucket, (), (start, count, min, max, mean, first, last))
BOOST_DESCRIBE_STRUCT(field_series, (), (field, buckets))
BOOST_DESCRIBE_STRUCT(series_calendar, (), (time_zone, unit, count, bounds))
BOOST_DESCRIBE_STRUCT(series_response, (), (device_id, since, until, step_seconds, calendar, series))
BOOST_DESCRIBE_STRUCT(reading_list_query, (), (limit, since, until, include_simulated, cursor))
BOOST_DESCRIBE_STRUCT(reading_range_query, (), (since, until, include_simulated))

reading_response to_dto(reading source) {
    const auto size = static_cast<std::int64_t>(source.payload.size());
    return {.id = source.id,
            .device_id = source.device_id,
            .device_timestamp = source.device_timestamp,
            .received_at = source.received_at,
            .payload = {std::move(source.payload)},
            .payload_size = size};
}

exported_reading to_export(const reading& source) {
    return {.id = source.id,
            .device_id = source.device_id,
            .device_timestamp = source.device_timestamp,
            .received_at = source.received_at,
            .simulated = source.simulated,
            .payload = {source.payload},
            .payload_size = static_cast<std::int64_t>(source.payload.size())};
}

} // namespace breakwater::wire

namespace breakwater::wire::schema {

template <>
struct enum_names<calendar_unit> {
    static constexpr std::size_t count = 5;
    static std::string_view text(calendar_unit value) noexcept {
        constexpr std::array<std::string_view, count> names{"hour", "day", "week", "month", "year"};
        return names[static_cast<std::size_t>(value)];
    }
};

template <>
struct about<wire::device_token_request> {
    static constexpr std::string_view name = "DeviceTokenRequest";
    static constexpr std::string_view description = "The credentials of a device.";
    static constexpr std::string_view example =
        R"({"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11",)"
        R"("device_secret":"q1cXl0mS3mZ3bYw5K6tQm2gq3Jt9d1oWk0a7rT8uV4E"})";
    static constexpr std::array notes{field_note{"device_id", "The device's id."},
                                      field_note{"device_secret",
                                                 "The secret from the device's creation or latest "
                                                 "rotation."}};
};

template <>
struct about<wire::device_token_response> {
    static constexpr std::string_view name = "DeviceToken";
    static constexpr std::string_view description = "A device's access token.";
    static constexpr std::string_view example =
        R"({"access_token":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwYjhmIn0.c2lnbmF0dXJl","token_type":"bearer",)"
        R"("expires_in_minutes":5})";
    static constexpr std::array notes{field_note{"access_token", "Send it as `Authorization: Bearer …`."},
                                      field_note{"token_type", "Always `bearer`."},
                                      field_note{"expires_in_minutes", "The token's lifetime in minutes."}};
};

template <>
struct about<wire::reading_request> {
    static constexpr std::string_view name = "ReadingRequest";
    static constexpr std::string_view description = "A reading to store.";
    static constexpr std::string_view example =
        R"({"payload":{"timestamp":"2026-01-15T12:00:00Z","status":"indoor","metrics":{"temperature_c":21.6,)"
        R"("humidity_pct":44.0,"comfort_index":82.5}},"device_timestamp":"2026-01-15T12:00:00Z"})";
    static constexpr std::array notes{
        field_note{"payload",
                   "Any JSON object within the size limit. Numbers and strings keep their spelling."},
        field_note{"device_timestamp",
                   "The time of the measurement by the device's clock; UTC if it has no offset. A "
                   "number counts seconds or milliseconds since 1970."},
        field_note{"message_id", "The sender's id for this reading. A reading sent again within seven days "
                                 "is stored once and gets the same response as the first time."}};
};

template <>
struct about<wire::batch_refusal> {
    static constexpr std::string_view name = "BatchRefusal";
    static constexpr std::string_view description = "A reading of a batch that was not stored.";
    static constexpr std::string_view example =
        R"({"index":2,"status":429,"detail":"Too soon: a device may send one reading every 1 s.","retry_after":1})";
    static constexpr std::array notes{
        field_note{"index", "The reading's position in the batch, from 0."},
        field_note{"status", "The HTTP status that the reading would get in a request of its own."},
        field_note{"detail", "What is wrong, as a sentence for people."},
        field_note{"retry_after", "The number of seconds to wait before sending the reading again; null if a "
                                  "retry does not help."}};
};

template <>
struct about<wire::batch_response> {
    static constexpr std::string_view name = "BatchResult";
    static constexpr std::string_view description = "The result for each reading of a batch.";
    static constexpr std::string_view example =
        R"({"accepted":2,"repeated":0,"ids":[4711,4712,0],"refused":[{"index":2,"status":422,)"
        R"("detail":"payload: Must be a JSON object.","retry_after":null}]})";
    static constexpr std::array notes{
        field_note{"accepted", "The number of readings that were stored on disk."},
        field_note{"repeated",
                   "The number of readings that were stored earlier, under the same `message_id`."},
        field_note{"ids", "The id of each reading, in the order of the batch; 0 if it was refused."},
        field_note{"refused", "The readings that were not stored, and why."}};
};

template <>
struct about<wire::reading_response> {
    static constexpr std::string_view name = "Reading";
    static constexpr std::string_view description = "A stored reading.";
    static constexpr std::string_view example =
        R"({"id":4711,"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","device_timestamp":"2026-01-15T12:00:00Z",)"
        R"("received_at":"2026-01-15T12:00:00.250000Z","payload":{"temperature_c":21.6},"payload_size":22})";
    static constexpr std::array notes{
        field_note{"id", "The reading's id, in order of arrival."},
        field_note{"device_id", "The device that sent the reading."},
        field_note{"device_timestamp",
                   "The time that the device sent with the reading; null if it sent none."},
        field_note{"received_at", "When the reading arrived, in UTC."},
        field_note{"payload", "The payload as the device sent it."},
        field_note{"payload_size", "The size of the payload as compact JSON, in bytes."}};
};

template <>
struct about<wire::exported_reading> {
    static constexpr std::string_view name = shared_component<wire::exported_reading>::name;
    static constexpr std::string_view description = "A stored reading, real or simulated.";
    static constexpr std::string_view example =
        R"({"id":4711,"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","device_timestamp":null,)"
        R"("received_at":"2026-01-15T12:00:00.250000Z","simulated":false,"payload":{"temperature_c":21.6},)"
        R"("payload_size":22})";
    static constexpr std::array notes{
        field_note{"id", "The reading's id, in order of arrival."},
        field_note{"device_id", "The device that sent the reading."},
        field_note{"device_timestamp",
                   "The time that the device sent with the reading; null if it sent none."},
        field_note{"received_at", "When the reading arrived, in UTC."},
        field_note{"simulated", "Whether the simulator sent the reading."},
        field_note{"payload", "The payload as the device sent it."},
        field_note{"payload_size", "The size of the payload as compact JSON, in bytes."}};
};

template <>
struct about<wire::readings_meta> {
    static constexpr std::string_view name = "ReadingsMeta";
    static constexpr std::string_view description = "The number of readings in a range.";
    static constexpr std::string_view example =
        R"({"total_readings":1204,"latest_received_at":"2026-01-16T09:14:22Z","oldest_received_at":"2026-01-15T12:00:00Z"})";
    static constexpr std::array notes{
        field_note{"total_readings", "The number of readings."},
        field_note{"latest_received_at", "When the newest reading arrived; null if there is none."},
        field_note{"oldest_received_at", "When the oldest reading arrived; null if there is none."}};
};

constexpr field_note since_note{"since", "Only readings that arrived at this time or later."};
constexpr field_note until_note{"until", "Only readings that arrived at this time or earlier."};
constexpr field_note simulated_note{"include_simulated", "Whether to include simulated readings."};

template <>
struct about<wire::reading_list_query> {
    static constexpr std::array notes{
        field_note{"limit", "The maximum number of readings; the server caps it at MAX_READINGS_PAGE_SIZE."},
        since_note, until_note, simulated_note,
        field_note{"cursor", "The `X-Next-Cursor` of the previous page."}};
};

template <>
struct about<wire::reading_range_query> {
    static constexpr std::array notes{since_note, until_note, simulated_note};
};

template <>
struct about<wire::export_query> {
    static constexpr std::array notes{
        since_note, until_note, simulated_note,
        field_note{"after",
                   "Continues an interrupted export: `DEVICE_ID/RECEIVED_AT/ID` of its last complete "
                   "line."}};
};

template <>
struct about<wire::series_query> {
    static constexpr std::array notes{
        field_note{"field", "The names of 1 to 16 fields, separated by commas. A name joins the keys of the "
                            "field's path with dots and numbers the elements of arrays: "
                            "`metrics.temperature_c`, `gps[0]`. In a key, write `\\` before each of "
                            "`\\ . , [ ]`; an empty key is `\\e`."},
        field_note{"since", "The start of the range, inclusive; a day before `until` if absent."},
        field_note{"until", "The end of the range, exclusive; now if absent."},
        field_note{"points", "The maximum number of buckets for each field."},
        simulated_note,
        field_note{"tz", "An IANA time zone, such as `Europe/Warsaw`; UTC if absent. Steps of an hour or "
                         "more follow its local clocks: a day has 23 or 25 hours when they change."},
        field_note{"step", "Makes each step an hour, day, week (from Monday), month or year of the calendar, "
                           "instead of a length chosen by `points`. A range of more than `points` steps "
                           "gets 422."}};
};

template <>
struct about<wire::series_bucket> {
    static constexpr std::string_view name = "SeriesBucket";
    static constexpr std::string_view description = "A field's values during one step.";
    static constexpr std::string_view example =
        R"({"start":"2026-01-15T12:00:00Z","count":10,"min":20.9,"max":22.1,"mean":21.52,"first":21.0,"last":22.1})";
    static constexpr std::array notes{field_note{"start", "When the step begins."},
                                      field_note{"count", "The number of values; never 0."},
                                      field_note{"min", "The lowest value."},
                                      field_note{"max", "The highest value."},
                                      field_note{"mean", "The arithmetic mean of the values."},
                                      field_note{"first", "The earliest value."},
                                      field_note{"last", "The latest value."}};
};

template <>
struct about<wire::field_series> {
    static constexpr std::string_view name = "FieldSeries";
    static constexpr std::string_view description = "The values of one field over time.";
    static constexpr std::string_view example =
        R"({"field":"metrics.temperature_c","buckets":[{"start":"2026-01-15T12:00:00Z","count":10,"min":20.9,)"
        R"("max":22.1,"mean":21.52,"first":21.0,"last":22.1}]})";
    static constexpr std::array notes{
        field_note{"field", "The field's name, as in the request."},
        field_note{"buckets", "The steps that have values, in order; a missing step is a gap."}};
};

template <>
struct about<wire::series_calendar> {
    static constexpr std::string_view name = "SeriesCalendar";
    static constexpr std::string_view description = "The steps of a series that follow a local calendar.";
    static constexpr std::string_view example =
        R"({"time_zone":"Europe/Warsaw","unit":"day","count":1,"bounds":["2026-10-23T22:00:00Z",)"
        R"("2026-10-24T22:00:00Z","2026-10-25T23:00:00Z"]})";
    static constexpr std::array notes{
        field_note{"time_zone", "The IANA name of the time zone."}, field_note{"unit", "The unit of a step."},
        field_note{"count", "The number of units in a step."},
        field_note{"bounds", "When each step begins, in order, followed by the end of the last step."}};
};

template <>
struct about<wire::series_response> {
    static constexpr std::string_view name = "Series";
    static constexpr std::string_view description = "Fields of a device over time, for charts.";
    static constexpr std::string_view example =
        R"({"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","since":"2026-01-15T00:00:00Z",)"
        R"("until":"2026-01-16T00:00:00Z","step_seconds":300,"calendar":null,"series":[{"field":"metrics.temperature_c","buckets":)"
        R"([{"start":"2026-01-15T12:00:00Z","count":10,"min":20.9,"max":22.1,"mean":21.52,"first":21.0,"last":22.1}]}]})";
    static constexpr std::array notes{
        field_note{"device_id", "The device that sent the readings."},
        field_note{"since", "The start of the range; the first step may begin earlier."},
        field_note{"until", "The end of the range, exclusive."},
        field_note{"step_seconds", "The length of a step, in seconds. Steps begin at multiples of it since "
                                   "1970. For calendar steps it is their usual length."},
        field_note{"calendar", "The calendar steps; null if the steps do not follow a calendar. They do if "
                               "`tz` or `step` was given and a step is at least an hour long."},
        field_note{"series", "One series for each field, in the order of the request."}};
};

void shared_component<wire::exported_reading>::append(std::string& out, const wire::exported_reading& value) {
    append_object(out, value);
}

template result<wire::device_token_request> parse(std::string_view);
template result<wire::reading_request> parse(std::string_view);
template result<wire::reading_list_query> parse_query(const query_pairs&);
template result<wire::reading_range_query> parse_query(const query_pairs&);
template result<wire::export_query> parse_query(const query_pairs&);
template std::vector<parameter_schema> query_parameters<wire::export_query>();
template result<wire::series_query> parse_query(const query_pairs&);
template std::vector<parameter_schema> query_parameters<wire::series_query>();
template std::vector<parameter_schema> query_parameters<wire::reading_list_query>();
template std::vector<parameter_schema> query_parameters<wire::reading_range_query>();
template void write(std::string&, const wire::device_token_response&);
template void write(std::string&, const wire::batch_response&);
template void write(std::string&, const wire::reading_response&);
template void write(std::string&, const std::vector<wire::reading_response>&);
template void write(std::string&, const wire::exported_reading&);
template void write(std::string&, const wire::readings_meta&);
template void write(std::string&, const wire::series_response&);

} // namespace breakwater::wire::schema

void breakwater::wire::add_reading_components(std::vector<named_schema>& components) {
    using schema::component_of;
    using schema::direction;
    components.push_back(component_of<device_token_request>(direction::request));
    components.push_back(component_of<device_token_response>(direction::response));
    components.push_back(component_of<reading_request>(direction::request));
    components.push_back(component_of<batch_refusal>(direction::response));
    components.push_back(component_of<batch_response>(direction::response));
    components.push_back(component_of<reading_response>(direction::response));
    components.push_back(component_of<readings_meta>(direction::response));
    components.push_back(component_of<series_bucket>(direction::response));
    components.push_back(component_of<field_series>(direction::response));
    components.push_back(component_of<series_calendar>(direction::response));
    components.push_back(component_of<series_response>(direction::response));
}

void breakwater::wire::add_export_components(std::vector<named_schema>& components) {
    using schema::component_of;
    using schema::direction;
    components.push_back(component_of<exported_reading>(direction::response));
}

#include "api/dto/reading_dto.hpp"

#include "api/dto/dto_components.hpp"
#include "api/schema/reflect.hpp"

namespace breakwater::api::dto {

BOOST_DESCRIBE_STRUCT(device_token_request, (), (device_id, device_secret))
BOOST_DESCRIBE_STRUCT(device_token_response, (), (access_token, token_type, expires_in_minutes))
BOOST_DESCRIBE_STRUCT(reading_request, (), (payload, device_timestamp, message_id))
BOOST_DESCRIBE_STRUCT(batch_refusal, (), (index, status, detail, retry_after))
BOOST_DESCRIBE_STRUCT(batch_response, (), (accepted, repeated, ids, refused))
BOOST_DESCRIBE_STRUCT(reading_response, (),
                      (id, device_id, device_timestamp, received_at, payload, payload_size))
BOOST_DESCRIBE_STRUCT(readings_meta, (), (total_readings, latest_received_at, oldest_received_at))
BOOST_DESCRIBE_STRUCT(export_query, (), (since, until, include_simulated, after))
BOOST_DESCRIBE_STRUCT(series_query, (), (field, since, until, points, include_simulated, tz, step))
BOOST_DESCRIBE_STRUCT(series_bucket, (), (start, count, min, max, mean, first, last))
BOOST_DESCRIBE_STRUCT(field_series, (), (field, buckets))
BOOST_DESCRIBE_STRUCT(series_calendar, (), (time_zone, unit, count, bounds))
BOOST_DESCRIBE_STRUCT(series_response, (), (device_id, since, until, step_seconds, calendar, series))
BOOST_DESCRIBE_STRUCT(reading_list_query, (), (limit, since, until, include_simulated, cursor))
BOOST_DESCRIBE_STRUCT(reading_range_query, (), (since, until, include_simulated))

reading_response to_dto(reading&& from) {
    const auto size = static_cast<std::int64_t>(from.payload.size());
    return {.id = from.id,
            .device_id = from.device_id,
            .device_timestamp = from.device_timestamp,
            .received_at = from.received_at,
            .payload = {std::move(from.payload)},
            .payload_size = size};
}

} // namespace breakwater::api::dto

namespace breakwater::api::schema {

template <>
struct enum_names<telemetry::calendar_unit> {
    static constexpr std::size_t count = 5;
    static std::string_view text(telemetry::calendar_unit value) noexcept {
        constexpr std::array<std::string_view, count> names{"hour", "day", "week", "month", "year"};
        return names[static_cast<std::size_t>(value)];
    }
};

template <>
struct about<dto::device_token_request> {
    static constexpr std::string_view name = "DeviceTokenRequest";
    static constexpr std::string_view description = "A device that signs in.";
    static constexpr std::string_view example =
        R"({"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11",)"
        R"("device_secret":"q1cXl0mS3mZ3bYw5K6tQm2gq3Jt9d1oWk0a7rT8uV4E"})";
    static constexpr std::array notes{field_note{"device_id", "The device's id."},
                                      field_note{"device_secret", "As creation or rotation gave it."}};
};

template <>
struct about<dto::device_token_response> {
    static constexpr std::string_view name = "DeviceToken";
    static constexpr std::string_view description = "What a signed-in device works with.";
    static constexpr std::string_view example =
        R"({"access_token":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIwYjhmIn0.c2lnbmF0dXJl","token_type":"bearer",)"
        R"("expires_in_minutes":5})";
    static constexpr std::array notes{field_note{"access_token", "Goes into `Authorization: Bearer …`."},
                                      field_note{"token_type", "Always `bearer`."},
                                      field_note{"expires_in_minutes", "How long the token lives."}};
};

template <>
struct about<dto::reading_request> {
    static constexpr std::string_view name = "ReadingRequest";
    static constexpr std::string_view description = "What a device measured.";
    static constexpr std::string_view example =
        R"({"payload":{"timestamp":"2026-01-15T12:00:00Z","status":"indoor","metrics":{"temperature_c":21.6,)"
        R"("humidity_pct":44.0,"comfort_index":82.5}},"device_timestamp":"2026-01-15T12:00:00Z"})";
    static constexpr std::array notes{
        field_note{"payload", "Any JSON object within the size limit; kept as it is spelled."},
        field_note{"device_timestamp",
                   "The device's own clock; without an offset it is taken as UTC. May be a "
                   "number, too: seconds or milliseconds since 1970."},
        field_note{"message_id", "The sender's name for this reading. Sent again within seven days, the "
                                 "reading is answered as the first time and stored once."}};
};

template <>
struct about<dto::batch_refusal> {
    static constexpr std::string_view name = "BatchRefusal";
    static constexpr std::string_view description = "A reading of a batch that was not stored.";
    static constexpr std::string_view example =
        R"({"index":2,"status":429,"detail":"Too soon: a device may send one reading every 1 s.","retry_after":1})";
    static constexpr std::array notes{
        field_note{"index", "Its place in the batch, from 0."},
        field_note{"status", "The status that it would have had by itself."},
        field_note{"detail", "What is wrong, as a sentence for people."},
        field_note{"retry_after",
                   "After how many seconds it may be sent again; null where that won't help."}};
};

template <>
struct about<dto::batch_response> {
    static constexpr std::string_view name = "BatchResult";
    static constexpr std::string_view description = "What became of each reading of a batch.";
    static constexpr std::string_view example =
        R"({"accepted":2,"repeated":0,"ids":[4711,4712,0],"refused":[{"index":2,"status":422,)"
        R"("detail":"payload: Must be a JSON object.","retry_after":null}]})";
    static constexpr std::array notes{
        field_note{"accepted", "How many were stored, durably."},
        field_note{"repeated", "How many were stored before, under their `message_id`."},
        field_note{"ids", "The number of each reading, in the order of the batch; 0 where it was refused."},
        field_note{"refused", "Those that were not stored, and why."}};
};

template <>
struct about<dto::reading_response> {
    static constexpr std::string_view name = "Reading";
    static constexpr std::string_view description = "A stored reading.";
    static constexpr std::string_view example =
        R"({"id":4711,"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","device_timestamp":"2026-01-15T12:00:00Z",)"
        R"("received_at":"2026-01-15T12:00:00.250000Z","payload":{"temperature_c":21.6},"payload_size":22})";
    static constexpr std::array notes{
        field_note{"id", "The reading's number, in the order of arrival."},
        field_note{"device_id", "Whose reading it is."},
        field_note{"device_timestamp", "What the device's clock said; null where it said nothing."},
        field_note{"received_at", "When it arrived, in UTC."},
        field_note{"payload", "As the device sent it."},
        field_note{"payload_size", "Bytes of the payload as compact JSON."}};
};

template <>
struct about<dto::readings_meta> {
    static constexpr std::string_view name = "ReadingsMeta";
    static constexpr std::string_view description = "How many readings there are in a range.";
    static constexpr std::string_view example =
        R"({"total_readings":1204,"latest_received_at":"2026-01-16T09:14:22Z","oldest_received_at":"2026-01-15T12:00:00Z"})";
    static constexpr std::array notes{
        field_note{"total_readings", "Their number."},
        field_note{"latest_received_at", "When the newest of them arrived; null where there is none."},
        field_note{"oldest_received_at", "When the oldest of them arrived; null where there is none."}};
};

constexpr field_note since_note{"since", "Only readings that arrived at this time or later."};
constexpr field_note until_note{"until", "Only readings that arrived at this time or earlier."};
constexpr field_note simulated_note{"include_simulated", "Whether the simulator's readings are among them."};

template <>
struct about<dto::reading_list_query> {
    static constexpr std::array notes{
        field_note{"limit", "How many at most; cut to the server's MAX_READINGS_PAGE_SIZE."}, since_note,
        until_note, simulated_note,
        field_note{"cursor", "Where the page before this one ended, as its answer said."}};
};

template <>
struct about<dto::reading_range_query> {
    static constexpr std::array notes{since_note, until_note, simulated_note};
};

template <>
struct about<dto::export_query> {
    static constexpr std::array notes{
        since_note, until_note, simulated_note,
        field_note{"after",
                   "To go on with an export that was cut off: `DEVICE_ID/RECEIVED_AT/ID` of its last "
                   "whole line."}};
};

template <>
struct about<dto::series_query> {
    static constexpr std::array notes{
        field_note{"field", "A field's name: the keys on the way to it joined by dots, elements of arrays "
                            "by their number: `metrics.temperature_c`, `gps[0]`. In a key `\\` goes before "
                            "each of `\\ . , [ ]`; the empty one is `\\e`. Several are separated by commas, "
                            "at most 16."},
        field_note{"since", "From this time on; a day before `until` where it is absent."},
        field_note{"until", "Up to this time, exclusive; now where it is absent."},
        field_note{"points", "The most buckets for each field."},
        simulated_note,
        field_note{"tz", "Steps of an hour or more follow the local clocks of this IANA time zone, "
                         "`Europe/Warsaw`: a day has 23 or 25 hours where they are changed. UTC where it is "
                         "absent."},
        field_note{"step", "Steps are hours, days, weeks (from Monday), months or years of the calendar, and "
                           "not as long as `points` has it. 422 where there would be more than `points`."}};
};

template <>
struct about<dto::series_bucket> {
    static constexpr std::string_view name = "SeriesBucket";
    static constexpr std::string_view description = "A field's values during one step.";
    static constexpr std::string_view example =
        R"({"start":"2026-01-15T12:00:00Z","count":10,"min":20.9,"max":22.1,"mean":21.52,"first":21.0,"last":22.1})";
    static constexpr std::array notes{field_note{"start", "When the step begins."},
                                      field_note{"count", "How many values there are; never 0."},
                                      field_note{"min", "The lowest."},
                                      field_note{"max", "The highest."},
                                      field_note{"mean", "Their arithmetic mean."},
                                      field_note{"first", "The earliest."},
                                      field_note{"last", "The latest."}};
};

template <>
struct about<dto::field_series> {
    static constexpr std::string_view name = "FieldSeries";
    static constexpr std::string_view description = "What one field's values were.";
    static constexpr std::string_view example =
        R"({"field":"metrics.temperature_c","buckets":[{"start":"2026-01-15T12:00:00Z","count":10,"min":20.9,)"
        R"("max":22.1,"mean":21.52,"first":21.0,"last":22.1}]})";
    static constexpr std::array notes{
        field_note{"field", "The name that was asked for."},
        field_note{"buckets",
                   "The steps in which there are values, in order: a step that isn't there is a gap."}};
};

template <>
struct about<dto::series_calendar> {
    static constexpr std::string_view name = "SeriesCalendar";
    static constexpr std::string_view description = "Steps that follow a local calendar.";
    static constexpr std::string_view example =
        R"({"time_zone":"Europe/Warsaw","unit":"day","count":1,"bounds":["2026-10-23T22:00:00Z",)"
        R"("2026-10-24T22:00:00Z","2026-10-25T23:00:00Z"]})";
    static constexpr std::array notes{
        field_note{"time_zone", "The IANA name of the zone whose clocks they follow."},
        field_note{"unit", "What they are made of."}, field_note{"count", "How many units are a step."},
        field_note{"bounds", "Where each step begins, in order, and at last where the last one ends."}};
};

template <>
struct about<dto::series_response> {
    static constexpr std::string_view name = "Series";
    static constexpr std::string_view description = "Fields of a device over a time, ready to be drawn.";
    static constexpr std::string_view example =
        R"({"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","since":"2026-01-15T00:00:00Z",)"
        R"("until":"2026-01-16T00:00:00Z","step_seconds":300,"calendar":null,"series":[{"field":"metrics.temperature_c","buckets":)"
        R"([{"start":"2026-01-15T12:00:00Z","count":10,"min":20.9,"max":22.1,"mean":21.52,"first":21.0,"last":22.1}]}]})";
    static constexpr std::array notes{
        field_note{"device_id", "Whose readings they are."},
        field_note{"since", "Where the range begins; the first step may begin before it."},
        field_note{"until", "Where it ends, exclusive."},
        field_note{"step_seconds", "How long a step is. Steps begin at multiples of it since 1970; of those "
                                   "that follow a calendar it is the usual length."},
        field_note{"calendar", "The steps, where they follow a calendar (`tz` or `step` was given, and they "
                               "are an hour or more); else null."},
        field_note{"series", "One for each field, in the order they were asked for."}};
};

template result<dto::device_token_request> parse(std::string_view);
template result<dto::reading_request> parse(std::string_view);
template result<dto::reading_list_query> parse_query(std::string_view);
template result<dto::reading_range_query> parse_query(std::string_view);
template result<dto::export_query> parse_query(std::string_view);
template std::vector<http::parameter> query_parameters<dto::export_query>();
template result<dto::series_query> parse_query(std::string_view);
template std::vector<http::parameter> query_parameters<dto::series_query>();
template std::vector<http::parameter> query_parameters<dto::reading_list_query>();
template std::vector<http::parameter> query_parameters<dto::reading_range_query>();
template void write(std::string&, const dto::device_token_response&);
template void write(std::string&, const dto::batch_response&);
template void write(std::string&, const dto::reading_response&);
template void write(std::string&, const std::vector<dto::reading_response>&);
template void write(std::string&, const dto::readings_meta&);
template void write(std::string&, const dto::series_response&);

} // namespace breakwater::api::schema

void breakwater::api::dto::add_reading_components(std::vector<http::component>& to) {
    using schema::component_of;
    using schema::direction;
    to.push_back(component_of<device_token_request>(direction::request));
    to.push_back(component_of<device_token_response>(direction::response));
    to.push_back(component_of<reading_request>(direction::request));
    to.push_back(component_of<batch_refusal>(direction::response));
    to.push_back(component_of<batch_response>(direction::response));
    to.push_back(component_of<reading_response>(direction::response));
    to.push_back(component_of<readings_meta>(direction::response));
    to.push_back(component_of<series_bucket>(direction::response));
    to.push_back(component_of<field_series>(direction::response));
    to.push_back(component_of<series_calendar>(direction::response));
    to.push_back(component_of<series_response>(direction::response));
}

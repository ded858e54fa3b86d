#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/time_zone.hpp"
#include "domain/calendar_step.hpp"
#include "domain/reading.hpp"
#include "wire/schema/schema.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::wire {

struct device_token_request { ///< DeviceTokenRequest
    breakwater::device_id device_id;
    schema::any_text device_secret;
};

struct device_token_response { ///< DeviceToken
    std::string access_token;
    std::string token_type = "bearer";
    std::int64_t expires_in_minutes = 0;
};

/// An uploaded reading. The ingest, not the schema, limits the size of the payload (413).
struct reading_request { ///< ReadingRequest
    schema::json_object payload;
    std::optional<timestamp> device_timestamp;
    std::optional<schema::line<1, max_message_id_length>> message_id;
};

struct batch_refusal { ///< BatchRefusal
    std::int64_t index = 0;
    std::int64_t status = 0;
    std::string detail;
    std::optional<std::int64_t> retry_after;
};

struct batch_response { ///< BatchResult
    std::int64_t accepted = 0;
    std::int64_t repeated = 0;
    std::vector<std::int64_t> ids;
    std::vector<batch_refusal> refused;
};

struct reading_response { ///< Reading
    reading_id id = 0;
    breakwater::device_id device_id;
    std::optional<timestamp> device_timestamp;
    timestamp received_at{};
    schema::json_object payload;
    std::int64_t payload_size = 0; ///< bytes, as compact JSON
};

/// A row of an export, and the reading of a live event. Refers to the payload of its source.
struct exported_reading { ///< ExportedReading
    reading_id id = 0;
    breakwater::device_id device_id;
    std::optional<timestamp> device_timestamp;
    timestamp received_at{};
    bool simulated = false;
    schema::json_object_view payload;
    std::int64_t payload_size = 0; ///< bytes, as compact JSON
};

struct readings_meta { ///< ReadingsMeta
    std::int64_t total_readings = 0;
    std::optional<timestamp> latest_received_at;
    std::optional<timestamp> oldest_received_at;
};

/// `since` and `until` compare with `received_at` and are inclusive.
struct reading_list_query {
    schema::integer<1, 500> limit{100};
    std::optional<timestamp> since;
    std::optional<timestamp> until;
    bool include_simulated = false;
    std::optional<schema::text<1, 256>> cursor;
};

struct reading_range_query { ///< of readings/meta
    std::optional<timestamp> since;
    std::optional<timestamp> until;
    bool include_simulated = false;
};

struct export_query {
    std::optional<timestamp> since;
    std::optional<timestamp> until;
    bool include_simulated = false;
    std::optional<schema::text<1, 256>> after;
};

struct series_query {
    std::optional<schema::text<1, 2048>> field; ///< required
    std::optional<timestamp> since;
    std::optional<timestamp> until;
    schema::integer<1, 2000> points{500};
    bool include_simulated = false;
    std::optional<schema::line<1, time_zone::max_name_length>> tz;
    std::optional<calendar_unit> step;
};

struct series_bucket { ///< SeriesBucket
    timestamp start{};
    std::int64_t count = 0;
    double min = 0;
    double max = 0;
    double mean = 0;
    double first = 0;
    double last = 0;
};

struct field_series { ///< FieldSeries
    std::string field;
    std::vector<series_bucket> buckets;
};

/// The steps of a series that follow a local calendar.
struct series_calendar { ///< SeriesCalendar
    std::string time_zone;
    calendar_unit unit = calendar_unit::day;
    std::int64_t count = 1;
    std::vector<timestamp> bounds;
};

struct series_response { ///< Series
    breakwater::device_id device_id;
    timestamp since{};
    timestamp until{};
    double step_seconds = 0;
    std::optional<series_calendar> calendar;
    std::vector<field_series> series;
};

[[nodiscard]] reading_response to_dto(reading source);
[[nodiscard]] exported_reading to_export(const reading& source);

} // namespace breakwater::wire

template <>
struct breakwater::wire::schema::shared_component<breakwater::wire::exported_reading> {
    static constexpr std::string_view name = "ExportedReading";
    static void append(std::string& out, const exported_reading& value);
};

#include "api/dto/device_dto.hpp"

#include "api/dto/dto_components.hpp"
#include "api/schema/reflect.hpp"
#include "services/device_service.hpp"

namespace breakwater::api::dto {

BOOST_DESCRIBE_STRUCT(category_response, (),
                      (slug, name, description, default_name, interval_seconds, sample_payload))
BOOST_DESCRIBE_STRUCT(create_device_request, (), (name, category))
BOOST_DESCRIBE_STRUCT(update_device_request, (), (name, category, status, reason))
BOOST_DESCRIBE_STRUCT(device_credentials, (), (device_id, device_secret, category))
BOOST_DESCRIBE_STRUCT(device_summary, (),
                      (id, name, category, status, created_at, simulated, never_heard,
                       expected_interval_seconds))
BOOST_DESCRIBE_STRUCT(device_detail, (),
                      (id, name, category, status, created_at, updated_at, last_reading_at, simulated,
                       never_heard, expected_interval_seconds, first_reading_at, blocked_by_kind, blocked_by,
                       blocked_reason, blocked_at, blocked_alert_id, may_release))
BOOST_DESCRIBE_STRUCT(device_state_change, (), (id, status, deactivated_at))
BOOST_DESCRIBE_STRUCT(device_list_query, (), (limit, cursor, q, status, category))
BOOST_DESCRIBE_STRUCT(device_latest_query, (), (limit, cursor, q, status, category, include_simulated))
BOOST_DESCRIBE_STRUCT(latest_field, (), (field, value, measured_at))
BOOST_DESCRIBE_STRUCT(device_latest, (),
                      (device_id, name, category, status, simulated, never_heard, expected_interval_seconds,
                       last_reading_at, fields))

category_response to_dto(const category_info& from) {
    return {.slug = std::string{from.slug},
            .name = std::string{from.name},
            .description = std::string{from.description},
            .default_name = std::string{from.default_name},
            .interval_seconds = {from.min_interval.count(), from.max_interval.count()},
            .sample_payload = {std::string{from.sample_payload}}};
}

device_latest to_latest(const device& from, storage::latest_state&& state,
                        std::chrono::seconds expected_interval) {
    device_latest out{.device_id = from.id,
                      .name = from.name,
                      .category = from.category,
                      .status = to_dto(from.status),
                      .simulated = from.simulated,
                      .never_heard = from.never_heard(),
                      .expected_interval_seconds = expected_interval.count(),
                      .last_reading_at = from.never_heard() ? std::nullopt : state.received_at,
                      .fields = {}};
    for (auto& [name, last] : state.fields)
        out.fields.push_back(
            {.field = name, .value = {std::move(last.value)}, .measured_at = last.measured_at});
    return out;
}

device_summary to_summary(const device& from, std::chrono::seconds expected_interval) {
    return {.id = from.id,
            .name = from.name,
            .category = from.category,
            .status = to_dto(from.status),
            .created_at = from.created_at,
            .simulated = from.simulated,
            .never_heard = from.never_heard(),
            .expected_interval_seconds = expected_interval.count()};
}

device_detail to_detail(const device& from, std::optional<timestamp> last_reading_at,
                        std::chrono::seconds expected_interval, const services::caller& who) {
    device_detail out{.id = from.id,
                      .name = from.name,
                      .category = from.category,
                      .status = to_dto(from.status),
                      .created_at = from.created_at,
                      .updated_at = from.updated_at,
                      .last_reading_at = last_reading_at,
                      .simulated = from.simulated,
                      .never_heard = from.never_heard(),
                      .expected_interval_seconds = expected_interval.count(),
                      .first_reading_at = from.first_heard_at};
    if (from.block) {
        out.blocked_by_kind = from.block->author;
        out.blocked_by = services::author_of(*from.block, who);
        if (!from.block->reason.empty())
            out.blocked_reason = from.block->reason;
        out.blocked_at = from.block->at;
        out.blocked_alert_id = from.block->alert;
        out.may_release = services::may_release(from, who);
    }
    return out;
}

} // namespace breakwater::api::dto

namespace breakwater::api::schema {

template <>
struct enum_names<dto::api_device_status> {
    static constexpr std::size_t count = 3;
    static std::string_view text(dto::api_device_status value) noexcept {
        switch (value) {
        case dto::api_device_status::active: return "active";
        case dto::api_device_status::blocked: return "blocked";
        case dto::api_device_status::deleted: break;
        }
        return "deleted";
    }
};

template <>
struct about<dto::category_response> {
    static constexpr std::string_view name = "Category";
    static constexpr std::string_view description = "A kind of device, and what its devices send.";
    static constexpr std::string_view example =
        R"({"slug":"air_quality","name":"Air quality monitor","description":"Monitor for particulate matter.",)"
        R"("default_name":"Air quality monitor","interval_seconds":[45,120],"sample_payload":{"timestamp":)"
        R"("2026-01-15T12:00:00Z","status":"good","metrics":{"pm2_5":8.3,"pm10":15.1,"co2_ppm":520.0,"voc_ppb":110.0}}})";
    static constexpr std::array notes{
        field_note{"slug", "How other calls name it."},
        field_note{"name", "How people name it."},
        field_note{"description", "What such a device does."},
        field_note{"default_name", "A name to offer for a new device."},
        field_note{"interval_seconds", "The least and the most seconds between two readings."},
        field_note{"sample_payload", "What one of its readings looks like."}};
};

template <>
struct about<dto::create_device_request> {
    static constexpr std::string_view name = "CreateDeviceRequest";
    static constexpr std::string_view description = "A device to add.";
    static constexpr std::string_view example = R"({"name":"Roof station","category":"weather_station"})";
    static constexpr std::array notes{field_note{"name", "What people call it."},
                                      field_note{"category", "What kind of device it is."}};
};

template <>
struct about<dto::update_device_request> {
    static constexpr std::string_view name = "UpdateDeviceRequest";
    static constexpr std::string_view description =
        "What to change of a device; what is absent or null stays.";
    static constexpr std::string_view example = R"({"name":"Roof station, north","status":"blocked"})";
    static constexpr std::array notes{
        field_note{"name", "What people call it."}, field_note{"category", "What kind of device it is."},
        field_note{
            "status",
            "`blocked` ends the device's tokens at once; `active` releases it, which who blocked it, or "
            "an administrator, may do. `deleted` is refused: DELETE does that."},
        field_note{"reason", "Why it is blocked: a sentence, for whoever sees the device."}};
};

template <>
struct about<dto::device_credentials> {
    static constexpr std::string_view name = "DeviceCredentials";
    static constexpr std::string_view description =
        "What a device proves itself with. The secret is shown this once.";
    static constexpr std::string_view example =
        R"({"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11",)"
        R"("device_secret":"q1cXl0mS3mZ3bYw5K6tQm2gq3Jt9d1oWk0a7rT8uV4E","category":"weather_station"})";
    static constexpr std::array notes{
        field_note{"device_id", "The device's id."},
        field_note{"device_secret", "32 random bytes, URL-safe base64. Stored only as a hash."},
        field_note{"category", "What kind of device it is."}};
};

constexpr field_note simulated_note{"simulated",
                                    "Whether the simulator speaks for it, until it signs in itself."};
constexpr field_note never_heard_note{"never_heard",
                                      "Whether no reading of its own ever came; samples don't count."};

constexpr field_note expected_interval_note{
    "expected_interval_seconds",
    "How often it is to speak: the longest interval of its category or, where that is longer, the least one "
    "that its policies let it keep. Who hears nothing for three of them may take it for silent."};

template <>
struct about<dto::device_summary> {
    static constexpr std::string_view name = "Device";
    static constexpr std::string_view description = "A device as lists show it.";
    static constexpr std::string_view example =
        R"({"id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","name":"Roof station","category":"weather_station",)"
        R"("status":"active","created_at":"2026-01-15T12:00:00Z","simulated":false,"never_heard":false,"expected_interval_seconds":45})";
    static constexpr std::array notes{field_note{"id", "The device's id."},
                                      field_note{"name", "What people call it."},
                                      field_note{"category", "What kind of device it is."},
                                      field_note{"status", "Only an active device may send readings."},
                                      field_note{"created_at", "When it was added, in UTC."},
                                      simulated_note,
                                      never_heard_note,
                                      expected_interval_note};
};

template <>
struct about<dto::device_detail> {
    static constexpr std::string_view name = "DeviceDetail";
    static constexpr std::string_view description = "All there is to know of a device.";
    static constexpr std::string_view example =
        R"({"id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","name":"Roof station","category":"weather_station",)"
        R"("status":"active","created_at":"2026-01-15T12:00:00Z","updated_at":"2026-01-16T08:30:00Z",)"
        R"("last_reading_at":"2026-01-16T09:14:22.500000Z","simulated":false,"never_heard":false,"expected_interval_seconds":45,)"
        R"("first_reading_at":"2026-01-15T12:05:03.250000Z","blocked_by_kind":null,"blocked_by":null,)"
        R"("blocked_reason":null,"blocked_at":null,"blocked_alert_id":null,"may_release":null})";
    static constexpr std::array notes{
        field_note{"id", "The device's id."},
        field_note{"name", "What people call it."},
        field_note{"category", "What kind of device it is."},
        field_note{"status", "Only an active device may send readings."},
        field_note{"created_at", "When it was added, in UTC."},
        field_note{"updated_at", "When it was last changed, in UTC."},
        field_note{"last_reading_at",
                   "When its latest reading came; null where there is none. What is made up "
                   "counts for a simulated device alone."},
        simulated_note,
        never_heard_note,
        expected_interval_note,
        field_note{"first_reading_at", "When the first reading of its own came."},
        field_note{"blocked_by_kind",
                   "Who blocked it: its owner, an alert rule or an administrator; null where "
                   "it isn't blocked, as all that follows."},
        field_note{"blocked_by", "The same by name, as far as you may know it."},
        field_note{"blocked_reason", "Why, where a reason was given."},
        field_note{"blocked_at", "When."},
        field_note{"blocked_alert_id", "The alert of the rule."},
        field_note{"may_release", "Whether you may release it."}};
};

template <>
struct about<dto::device_state_change> {
    static constexpr std::string_view name = "DeviceStateChange";
    static constexpr std::string_view description = "What became of a device.";
    static constexpr std::string_view example =
        R"({"id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","status":"blocked","deactivated_at":"2026-01-16T10:00:00Z"})";
    static constexpr std::array notes{
        field_note{"id", "The device's id."}, field_note{"status", "Its status now."},
        field_note{"deactivated_at", "When it was last blocked or deleted, or its tokens were last ended."}};
};

constexpr field_note limit_note{"limit", "How many at most; all where it is absent."};
constexpr field_note cursor_note{"cursor", "Where the page before this one ended, as its answer said."};
constexpr field_note q_note{"q",
                            "Only devices whose name contains this; letter case and accents don't matter."};
constexpr field_note status_note{"status", "Only devices of this status."};
constexpr field_note category_note{"category", "Only devices of this category."};

template <>
struct about<dto::latest_field> {
    static constexpr std::string_view name = "LatestField";
    static constexpr std::string_view description = "What a field said last.";
    static constexpr std::string_view example =
        R"({"field":"metrics.temperature_c","value":21.6,"measured_at":"2026-01-15T12:00:00Z"})";
    static constexpr std::array notes{
        field_note{"field",
                   "Its name, as series and rules have it, too: the keys on the way joined by dots."},
        field_note{"value", "A string, a number, a boolean or null."},
        field_note{"measured_at", "When: by the device's clock, unless that can't be."}};
};

template <>
struct about<dto::device_latest> {
    static constexpr std::string_view name = "DeviceLatest";
    static constexpr std::string_view description = "A device with the last value of each of its fields.";
    static constexpr std::string_view example =
        R"({"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","name":"Roof","category":"weather_station",)"
        R"("status":"active","simulated":false,"never_heard":false,"expected_interval_seconds":45,)"
        R"("last_reading_at":"2026-01-15T12:00:01Z","fields":[{"field":"metrics.temperature_c","value":21.6,)"
        R"("measured_at":"2026-01-15T12:00:00Z"}]})";
    static constexpr std::array notes{
        field_note{"device_id", "The device's id."},
        field_note{"name", "Its name."},
        field_note{"category", "What it is."},
        field_note{"status", "Whether it may speak."},
        simulated_note,
        never_heard_note,
        expected_interval_note,
        field_note{"last_reading_at", "When a reading last came; null where none did that counts here."},
        field_note{"fields", "Its fields by name, at most 256; of an array's values the first 64."}};
};

template <>
struct about<dto::device_latest_query> {
    static constexpr std::array notes{limit_note,
                                      cursor_note,
                                      q_note,
                                      status_note,
                                      category_note,
                                      field_note{"include_simulated",
                                                 "Whether what is made up counts, of devices that "
                                                 "aren't real yet; of real ones it never does."}};
};

template <>
struct about<dto::device_list_query> {
    static constexpr std::array notes{limit_note, cursor_note, q_note, status_note, category_note};
};

template result<dto::create_device_request> parse(std::string_view);
template result<dto::update_device_request> parse(std::string_view);
template result<dto::device_list_query> parse_query(std::string_view);
template result<dto::device_latest_query> parse_query(std::string_view);
template std::vector<http::parameter> query_parameters<dto::device_latest_query>();
template void write(std::string&, const dto::device_latest&);
template std::vector<http::parameter> query_parameters<dto::device_list_query>();
template void write(std::string&, const std::vector<dto::category_response>&);
template void write(std::string&, const dto::device_credentials&);
template void write(std::string&, const std::vector<dto::device_summary>&);
template void write(std::string&, const dto::device_detail&);
template void write(std::string&, const dto::device_state_change&);

} // namespace breakwater::api::schema

void breakwater::api::dto::add_device_components(std::vector<http::component>& to) {
    using schema::component_of;
    using schema::direction;
    to.push_back(component_of<category_response>(direction::response));
    to.push_back(component_of<create_device_request>(direction::request));
    to.push_back(component_of<update_device_request>(direction::request));
    to.push_back(component_of<device_credentials>(direction::response));
    to.push_back(component_of<device_summary>(direction::response));
    to.push_back(component_of<device_detail>(direction::response));
    to.push_back(component_of<device_state_change>(direction::response));
    to.push_back(component_of<latest_field>(direction::response));
    to.push_back(component_of<device_latest>(direction::response));
}

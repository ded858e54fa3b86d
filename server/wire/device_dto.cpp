#include "wire/device_dto.hpp"

#include "wire/dto_components.hpp"
#include "wire/schema/reflect.hpp"

namespace breakwater::wire {

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

category_response to_dto(const category_info& category) {
    return {.slug = std::string{category.slug},
            .name = std::string{category.name},
            .description = std::string{category.description},
            .default_name = std::string{category.default_name},
            .interval_seconds = {category.min_interval.count(), category.max_interval.count()},
            .sample_payload = {std::string{category.sample_payload}}};
}

device_latest to_latest(const device& source, latest_state&& state, std::chrono::seconds expected_interval) {
    device_latest out{.device_id = source.id,
                      .name = source.name,
                      .category = source.category,
                      .status = to_dto(source.status),
                      .simulated = source.simulated,
                      .never_heard = source.never_heard(),
                      .expected_interval_seconds = expected_interval.count(),
                      .last_reading_at = source.never_heard() ? std::nullopt : state.received_at,
                      .fields = {}};
    for (auto& [name, latest] : state.fields)
        out.fields.push_back(
            {.field = name, .value = {std::move(latest.value)}, .measured_at = latest.measured_at});
    return out;
}

device_summary to_summary(const device& source, std::chrono::seconds expected_interval) {
    return {.id = source.id,
            .name = source.name,
            .category = source.category,
            .status = to_dto(source.status),
            .created_at = source.created_at,
            .simulated = source.simulated,
            .never_heard = source.never_heard(),
            .expected_interval_seconds = expected_interval.count()};
}

device_detail to_detail(const device& source, std::optional<timestamp> last_reading_at,
                        std::chrono::seconds expected_interval, visible_block block) {
    device_detail out{.id = source.id,
                      .name = source.name,
                      .category = source.category,
                      .status = to_dto(source.status),
                      .created_at = source.created_at,
                      .updated_at = source.updated_at,
                      .last_reading_at = last_reading_at,
                      .simulated = source.simulated,
                      .never_heard = source.never_heard(),
                      .expected_interval_seconds = expected_interval.count(),
                      .first_reading_at = source.first_reading_at};
    if (source.block) {
        out.blocked_by_kind = source.block->author;
        out.blocked_by = std::move(block.author);
        if (!source.block->reason.empty())
            out.blocked_reason = source.block->reason;
        out.blocked_at = source.block->at;
        out.blocked_alert_id = source.block->alert;
        out.may_release = block.may_release;
    }
    return out;
}

} // namespace breakwater::wire

namespace breakwater::wire::schema {

template <>
struct enum_names<wire::api_device_status> {
    static constexpr std::size_t count = 3;
    static std::string_view text(wire::api_device_status value) noexcept {
        switch (value) {
        case wire::api_device_status::active: return "active";
        case wire::api_device_status::blocked: return "blocked";
        case wire::api_device_status::deleted: break;
        }
        return "deleted";
    }
};

template <>
struct about<wire::category_response> {
    static constexpr std::string_view name = "Category";
    static constexpr std::string_view description = "A kind of device and the readings it sends.";
    static constexpr std::string_view example =
        R"({"slug":"air_quality","name":"Air quality monitor","description":"Monitor for particulate matter.",)"
        R"("default_name":"Air quality monitor","interval_seconds":[45,120],"sample_payload":{"timestamp":)"
        R"("2026-01-15T12:00:00Z","status":"good","metrics":{"pm2_5":8.3,"pm10":15.1,"co2_ppm":520.0,"voc_ppb":110.0}}})";
    static constexpr std::array notes{
        field_note{"slug", "The category's identifier in the API."},
        field_note{"name", "The category's name for people."},
        field_note{"description", "What a device of this category does."},
        field_note{"default_name", "A suggested name for a new device."},
        field_note{"interval_seconds",
                   "The shortest and the longest interval between two readings, in seconds."},
        field_note{"sample_payload", "An example of a reading's payload."}};
};

template <>
struct about<wire::create_device_request> {
    static constexpr std::string_view name = "CreateDeviceRequest";
    static constexpr std::string_view description = "A device to create.";
    static constexpr std::string_view example = R"({"name":"Roof station","category":"weather_station"})";
    static constexpr std::array notes{field_note{"name", "The device's name."},
                                      field_note{"category", "The device's category."}};
};

template <>
struct about<wire::update_device_request> {
    static constexpr std::string_view name = "UpdateDeviceRequest";
    static constexpr std::string_view description =
        "Changes of a device. Members that are absent or null keep their value.";
    static constexpr std::string_view example = R"({"name":"Roof station, north","status":"blocked"})";
    static constexpr std::array notes{
        field_note{"name", "The device's name."}, field_note{"category", "The device's category."},
        field_note{"status", "`blocked` blocks the device and ends its tokens at once. `active` releases it; "
                             "the owner may not release a device that was blocked by an administrator, or by "
                             "a rule without `owner_may_release`. `deleted` is refused: use DELETE."},
        field_note{"reason",
                   "Why the device is blocked: a sentence, visible to everyone who may see the device."}};
};

template <>
struct about<wire::device_credentials> {
    static constexpr std::string_view name = "DeviceCredentials";
    static constexpr std::string_view description =
        "The credentials of a device. The secret is shown only once.";
    static constexpr std::string_view example =
        R"({"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11",)"
        R"("device_secret":"q1cXl0mS3mZ3bYw5K6tQm2gq3Jt9d1oWk0a7rT8uV4E","category":"weather_station"})";
    static constexpr std::array notes{
        field_note{"device_id", "The device's id."},
        field_note{"device_secret", "32 random bytes in URL-safe base64. The server stores only a hash."},
        field_note{"category", "The device's category."}};
};

constexpr field_note simulated_note{"simulated",
                                    "Whether the simulator sends the device's readings. False for good once "
                                    "the device signs in or somebody imports a reading of it."};
constexpr field_note never_heard_note{
    "never_heard", "Whether the device has not sent a reading of its own yet; samples do not count."};

constexpr field_note expected_interval_note{
    "expected_interval_seconds",
    "How often the device is expected to send a reading: the longest interval of its category or, if that is "
    "longer, the minimum interval of its policy. A client may treat the device as silent after three such "
    "intervals without a reading."};

template <>
struct about<wire::device_summary> {
    static constexpr std::string_view name = "Device";
    static constexpr std::string_view description = "A device in a list.";
    static constexpr std::string_view example =
        R"({"id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","name":"Roof station","category":"weather_station",)"
        R"("status":"active","created_at":"2026-01-15T12:00:00Z","simulated":false,"never_heard":false,"expected_interval_seconds":45})";
    static constexpr std::array notes{field_note{"id", "The device's id."},
                                      field_note{"name", "The device's name."},
                                      field_note{"category", "The device's category."},
                                      field_note{"status", "Only an active device may send readings."},
                                      field_note{"created_at", "When the device was created, in UTC."},
                                      simulated_note,
                                      never_heard_note,
                                      expected_interval_note};
};

template <>
struct about<wire::device_detail> {
    static constexpr std::string_view name = "DeviceDetail";
    static constexpr std::string_view description = "A device with all its properties.";
    static constexpr std::string_view example =
        R"({"id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","name":"Roof station","category":"weather_station",)"
        R"("status":"active","created_at":"2026-01-15T12:00:00Z","updated_at":"2026-01-16T08:30:00Z",)"
        R"("last_reading_at":"2026-01-16T09:14:22.500000Z","simulated":false,"never_heard":false,"expected_interval_seconds":45,)"
        R"("first_reading_at":"2026-01-15T12:05:03.250000Z","blocked_by_kind":null,"blocked_by":null,)"
        R"("blocked_reason":null,"blocked_at":null,"blocked_alert_id":null,"may_release":null})";
    static constexpr std::array notes{
        field_note{"id", "The device's id."},
        field_note{"name", "The device's name."},
        field_note{"category", "The device's category."},
        field_note{"status", "Only an active device may send readings."},
        field_note{"created_at", "When the device was created, in UTC."},
        field_note{"updated_at", "When the device was last changed, in UTC."},
        field_note{"last_reading_at",
                   "When the latest reading arrived; null if there is none. Simulated readings "
                   "count only for a simulated device."},
        simulated_note,
        never_heard_note,
        expected_interval_note,
        field_note{"first_reading_at",
                   "When the device's first reading of its own arrived; null if there is none."},
        field_note{"blocked_by_kind",
                   "Who blocked the device: its owner, an alert rule or an administrator. This "
                   "member and those below are null if the device is not blocked."},
        field_note{"blocked_by", "The name of who blocked the device, as far as the caller may see it."},
        field_note{"blocked_reason", "Why the device was blocked; null if no reason was given."},
        field_note{"blocked_at", "When the device was blocked."},
        field_note{"blocked_alert_id", "The alert of the rule that blocked the device."},
        field_note{"may_release", "Whether the caller may release the device."}};
};

template <>
struct about<wire::device_state_change> {
    static constexpr std::string_view name = "DeviceStateChange";
    static constexpr std::string_view description = "A device's status after a change.";
    static constexpr std::string_view example =
        R"({"id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","status":"blocked","deactivated_at":"2026-01-16T10:00:00Z"})";
    static constexpr std::array notes{
        field_note{"id", "The device's id."}, field_note{"status", "The device's status."},
        field_note{"deactivated_at",
                   "When the device was last blocked or deleted, or its tokens were last invalidated."}};
};

constexpr field_note limit_note{"limit", "The maximum number of devices; all if absent."};
constexpr field_note cursor_note{"cursor", "The `X-Next-Cursor` of the previous page."};
constexpr field_note q_note{"q", "Only devices whose name contains this text; case and accents are ignored."};
constexpr field_note status_note{"status", "Only devices with this status."};
constexpr field_note category_note{"category", "Only devices of this category."};

template <>
struct about<wire::latest_field> {
    static constexpr std::string_view name = "LatestField";
    static constexpr std::string_view description = "The latest value of a field.";
    static constexpr std::string_view example =
        R"({"field":"metrics.temperature_c","value":21.6,"measured_at":"2026-01-15T12:00:00Z"})";
    static constexpr std::array notes{
        field_note{"field",
                   "The field's name, as in series and alert rules: the keys of its path, joined by dots."},
        field_note{"value", "A string, a number, a boolean or null."},
        field_note{"measured_at",
                   "When the value was measured, by the device's clock; when it arrived, if that clock is "
                   "implausible."}};
};

template <>
struct about<wire::device_latest> {
    static constexpr std::string_view name = "DeviceLatest";
    static constexpr std::string_view description = "A device and the latest value of each of its fields.";
    static constexpr std::string_view example =
        R"({"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","name":"Roof","category":"weather_station",)"
        R"("status":"active","simulated":false,"never_heard":false,"expected_interval_seconds":45,)"
        R"("last_reading_at":"2026-01-15T12:00:01Z","fields":[{"field":"metrics.temperature_c","value":21.6,)"
        R"("measured_at":"2026-01-15T12:00:00Z"}]})";
    static constexpr std::array notes{
        field_note{"device_id", "The device's id."},
        field_note{"name", "The device's name."},
        field_note{"category", "The device's category."},
        field_note{"status", "Only an active device may send readings."},
        simulated_note,
        never_heard_note,
        expected_interval_note,
        field_note{"last_reading_at",
                   "When the latest reading arrived; null if there is none that this query counts."},
        field_note{"fields",
                   "The fields, sorted by name: at most 256, and of an array the first 64 values."}};
};

template <>
struct about<wire::device_latest_query> {
    static constexpr std::array notes{limit_note,
                                      cursor_note,
                                      q_note,
                                      status_note,
                                      category_note,
                                      field_note{"include_simulated",
                                                 "Whether simulated readings count for simulated "
                                                 "devices; for real devices they never do."}};
};

template <>
struct about<wire::device_list_query> {
    static constexpr std::array notes{limit_note, cursor_note, q_note, status_note, category_note};
};

template result<wire::create_device_request> parse(std::string_view);
template result<wire::update_device_request> parse(std::string_view);
template result<wire::device_list_query> parse_query(const query_pairs&);
template result<wire::device_latest_query> parse_query(const query_pairs&);
template std::vector<parameter_schema> query_parameters<wire::device_latest_query>();
template void write(std::string&, const wire::device_latest&);
template std::vector<parameter_schema> query_parameters<wire::device_list_query>();
template void write(std::string&, const std::vector<wire::category_response>&);
template void write(std::string&, const wire::device_credentials&);
template void write(std::string&, const std::vector<wire::device_summary>&);
template void write(std::string&, const wire::device_detail&);
template void write(std::string&, const wire::device_state_change&);

} // namespace breakwater::wire::schema

void breakwater::wire::add_device_components(std::vector<named_schema>& components) {
    using schema::component_of;
    using schema::direction;
    components.push_back(component_of<category_response>(direction::response));
    components.push_back(component_of<create_device_request>(direction::request));
    components.push_back(component_of<update_device_request>(direction::request));
    components.push_back(component_of<device_credentials>(direction::response));
    components.push_back(component_of<device_summary>(direction::response));
    components.push_back(component_of<device_detail>(direction::response));
    components.push_back(component_of<device_state_change>(direction::response));
    components.push_back(component_of<latest_field>(direction::response));
    components.push_back(component_of<device_latest>(direction::response));
}

#include "wire/policy_dto.hpp"

#include "wire/dto_components.hpp"
#include "wire/schema/reflect.hpp"

#include <chrono>

namespace breakwater::wire {

BOOST_DESCRIBE_STRUCT(policy_request, (),
                      (min_interval_ms, payload_limit_bytes, backfill_per_second, backfill_burst,
                       keep_readings_days, keep_rollups_days))
BOOST_DESCRIBE_STRUCT(decided_policy, (),
                      (min_interval_ms, payload_limit_bytes, backfill_per_second, backfill_burst,
                       keep_readings_days, keep_rollups_days))
BOOST_DESCRIBE_STRUCT(policy_in_force, (),
                      (min_interval_ms, payload_limit_bytes, backfill_per_second, backfill_burst,
                       keep_readings_days, keep_rollups_days))
BOOST_DESCRIBE_STRUCT(refused_readings, (),
                      (too_large, too_soon, backfill_limited, malformed, blocked, overloaded))
BOOST_DESCRIBE_STRUCT(device_policy, (), (device_id, category, decided, effective, backfill_left, refused))
BOOST_DESCRIBE_STRUCT(category_policy, (), (category, decided, effective))

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

template <class Integer>
std::optional<std::int64_t> value_of(const std::optional<Integer>& number) {
    if (!number)
        return std::nullopt;
    return number->value;
}

} // namespace

reading_policy to_domain(const policy_request& request) {
    reading_policy out{.payload_limit_bytes = value_of(request.payload_limit_bytes),
                       .backfill_per_second = value_of(request.backfill_per_second),
                       .backfill_burst = value_of(request.backfill_burst),
                       .keep_readings_days = value_of(request.keep_readings_days),
                       .keep_rollups_days = value_of(request.keep_rollups_days)};
    if (request.min_interval_ms)
        out.min_interval = milliseconds{request.min_interval_ms->value};
    return out;
}

decided_policy to_dto(const reading_policy& policy) {
    decided_policy out{.payload_limit_bytes = policy.payload_limit_bytes,
                       .backfill_per_second = policy.backfill_per_second,
                       .backfill_burst = policy.backfill_burst,
                       .keep_readings_days = policy.keep_readings_days,
                       .keep_rollups_days = policy.keep_rollups_days};
    if (policy.min_interval)
        out.min_interval_ms = std::chrono::duration_cast<milliseconds>(*policy.min_interval).count();
    return out;
}

policy_in_force to_dto(const effective_policy& policy) {
    return {.min_interval_ms = std::chrono::duration_cast<milliseconds>(policy.min_interval).count(),
            .payload_limit_bytes = policy.payload_limit_bytes,
            .backfill_per_second = policy.backfill_per_second,
            .backfill_burst = policy.backfill_burst,
            .keep_readings_days = policy.keep_readings_days,
            .keep_rollups_days = policy.keep_rollups_days};
}

} // namespace breakwater::wire

namespace breakwater::wire::schema {

constexpr std::array policy_notes{
    field_note{"min_interval_ms", "The minimum interval between two readings, in milliseconds; late readings "
                                  "of a batch are exempt; 0 for none."},
    field_note{"payload_limit_bytes", "The maximum payload size, in bytes of compact JSON."},
    field_note{"backfill_per_second",
               "The number of late readings per second that the device may send in the long run."},
    field_note{"backfill_burst", "The number of late readings that the device may send at once."},
    field_note{"keep_readings_days",
               "The number of days for which the server keeps readings; 0 means for ever."},
    field_note{"keep_rollups_days", "The number of days for which the server keeps the aggregates for series "
                                    "(minutes, hours, days); 0 means for ever."}};
constexpr std::string_view policy_example =
    R"({"min_interval_ms":500,"payload_limit_bytes":null,"backfill_per_second":null,"backfill_burst":null,)"
    R"("keep_readings_days":30,"keep_rollups_days":0})";
constexpr std::string_view effective_example =
    R"({"min_interval_ms":500,"payload_limit_bytes":2048,"backfill_per_second":100,"backfill_burst":10000,)"
    R"("keep_readings_days":30,"keep_rollups_days":0})";

template <>
struct about<wire::policy_request> {
    static constexpr std::string_view name = "PolicyRequest";
    static constexpr std::string_view description =
        "The values to set. A member that is absent or null is not set and falls back to the next level.";
    static constexpr std::string_view example = R"({"min_interval_ms":500,"keep_readings_days":30})";
    static constexpr auto notes = policy_notes;
};

template <>
struct about<wire::decided_policy> {
    static constexpr std::string_view name = "DecidedPolicy";
    static constexpr std::string_view description = "The values set at this level; null if not set.";
    static constexpr std::string_view example = policy_example;
    static constexpr auto notes = policy_notes;
};

template <>
struct about<wire::policy_in_force> {
    static constexpr std::string_view name = "EffectivePolicy";
    static constexpr std::string_view description =
        "The values in force: those of the device, else of its category, else of the server's settings.";
    static constexpr std::string_view example = effective_example;
    static constexpr auto notes = policy_notes;
};

template <>
struct about<wire::refused_readings> {
    static constexpr std::string_view name = "RefusedReadings";
    static constexpr std::string_view description =
        "Numbers of refused readings by reason, since the server started.";
    static constexpr std::string_view example =
        R"({"too_large":0,"too_soon":12,"backfill_limited":0,"malformed":1,"blocked":0,"overloaded":0})";
    static constexpr std::array notes{field_note{"too_large", "The payload was too large."},
                                      field_note{"too_soon", "The minimum interval had not passed."},
                                      field_note{"backfill_limited", "Too many late readings."},
                                      field_note{"malformed", "The reading could not be parsed."},
                                      field_note{"blocked", "The device was blocked."},
                                      field_note{"overloaded", "The server was overloaded."}};
};

template <>
struct about<wire::device_policy> {
    static constexpr std::string_view name = "DevicePolicy";
    static constexpr std::string_view description = "A device's policy and its refused readings.";
    static constexpr std::string_view example =
        R"({"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","category":"weather_station","decided":)"
        R"({"min_interval_ms":500,"payload_limit_bytes":null,"backfill_per_second":null,"backfill_burst":null,)"
        R"("keep_readings_days":30,"keep_rollups_days":0},"effective":{"min_interval_ms":500,)"
        R"("payload_limit_bytes":2048,"backfill_per_second":100,"backfill_burst":10000,"keep_readings_days":30,)"
        R"("keep_rollups_days":0},"backfill_left":10000,"refused":{"too_large":0,"too_soon":12,)"
        R"("backfill_limited":0,"malformed":1,"blocked":0,"overloaded":0}})";
    static constexpr std::array notes{
        field_note{"device_id", "The device's id."},
        field_note{"category", "The device's category."},
        field_note{"decided", "The values set for this device."},
        field_note{"effective", "The values in force for this device."},
        field_note{"backfill_left", "How many late readings the device may send at once now."},
        field_note{"refused", "The device's refused readings since the server started."}};
};

template <>
struct about<wire::category_policy> {
    static constexpr std::string_view name = "CategoryPolicy";
    static constexpr std::string_view description = "The policy of a category.";
    static constexpr std::string_view example =
        R"({"category":"ip_camera","decided":{"min_interval_ms":500,"payload_limit_bytes":null,)"
        R"("backfill_per_second":null,"backfill_burst":null,"keep_readings_days":30,"keep_rollups_days":0},)"
        R"("effective":{"min_interval_ms":500,"payload_limit_bytes":2048,"backfill_per_second":100,)"
        R"("backfill_burst":10000,"keep_readings_days":30,"keep_rollups_days":0}})";
    static constexpr std::array notes{
        field_note{"category", "The category."}, field_note{"decided", "The values set for this category."},
        field_note{"effective", "The values in force for the category's devices."}};
};

template result<wire::policy_request> parse(std::string_view);
template void write(std::string&, const wire::device_policy&);
template void write(std::string&, const wire::category_policy&);
template void write(std::string&, const std::vector<wire::category_policy>&);

} // namespace breakwater::wire::schema

void breakwater::wire::add_policy_components(std::vector<named_schema>& components) {
    using schema::component_of;
    using schema::direction;
    components.push_back(component_of<policy_request>(direction::request));
    components.push_back(component_of<decided_policy>(direction::response));
    components.push_back(component_of<policy_in_force>(direction::response));
    components.push_back(component_of<refused_readings>(direction::response));
    components.push_back(component_of<device_policy>(direction::response));
    components.push_back(component_of<category_policy>(direction::response));
}

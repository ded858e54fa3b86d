#include "api/dto/policy_dto.hpp"

#include "api/dto/dto_components.hpp"
#include "api/schema/reflect.hpp"

#include <chrono>

namespace breakwater::api::dto {

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
std::optional<std::int64_t> value_of(const std::optional<Integer>& from) {
    if (!from)
        return std::nullopt;
    return from->value;
}

} // namespace

reading_policy to_domain(const policy_request& from) {
    reading_policy out{.payload_limit_bytes = value_of(from.payload_limit_bytes),
                       .backfill_per_second = value_of(from.backfill_per_second),
                       .backfill_burst = value_of(from.backfill_burst),
                       .keep_readings_days = value_of(from.keep_readings_days),
                       .keep_rollups_days = value_of(from.keep_rollups_days)};
    if (from.min_interval_ms)
        out.min_interval = milliseconds{from.min_interval_ms->value};
    return out;
}

decided_policy to_dto(const reading_policy& from) {
    decided_policy out{.payload_limit_bytes = from.payload_limit_bytes,
                       .backfill_per_second = from.backfill_per_second,
                       .backfill_burst = from.backfill_burst,
                       .keep_readings_days = from.keep_readings_days,
                       .keep_rollups_days = from.keep_rollups_days};
    if (from.min_interval)
        out.min_interval_ms = std::chrono::duration_cast<milliseconds>(*from.min_interval).count();
    return out;
}

policy_in_force to_dto(const effective_policy& from) {
    return {.min_interval_ms = std::chrono::duration_cast<milliseconds>(from.min_interval).count(),
            .payload_limit_bytes = from.payload_limit_bytes,
            .backfill_per_second = from.backfill_per_second,
            .backfill_burst = from.backfill_burst,
            .keep_readings_days = from.keep_readings_days,
            .keep_rollups_days = from.keep_rollups_days};
}

refused_readings to_dto(const telemetry::refusal_counts& from) {
    const auto count = [&from](telemetry::refusal why) {
        return static_cast<std::int64_t>(from[static_cast<std::size_t>(why)]);
    };
    using telemetry::refusal;
    return {.too_large = count(refusal::too_large),
            .too_soon = count(refusal::too_soon),
            .backfill_limited = count(refusal::backfill_limited),
            .malformed = count(refusal::malformed),
            .blocked = count(refusal::blocked),
            .overloaded = count(refusal::overloaded)};
}

} // namespace breakwater::api::dto

namespace breakwater::api::schema {

constexpr std::array policy_notes{
    field_note{"min_interval_ms", "Least milliseconds between two readings that aren't late; 0: none."},
    field_note{"payload_limit_bytes", "Largest payload, as compact JSON."},
    field_note{"backfill_per_second", "Late readings a second, in the long run."},
    field_note{"backfill_burst", "Late readings at once."},
    field_note{"keep_readings_days", "For how many days readings are kept; 0: for ever."},
    field_note{"keep_rollups_days",
               "For how many days their minutes, hours and days are kept for series; 0: for ever."}};
constexpr std::string_view policy_example =
    R"({"min_interval_ms":500,"payload_limit_bytes":null,"backfill_per_second":null,"backfill_burst":null,)"
    R"("keep_readings_days":30,"keep_rollups_days":0})";
constexpr std::string_view effective_example =
    R"({"min_interval_ms":500,"payload_limit_bytes":2048,"backfill_per_second":100,"backfill_burst":10000,)"
    R"("keep_readings_days":30,"keep_rollups_days":0})";

template <>
struct about<dto::policy_request> {
    static constexpr std::string_view name = "PolicyRequest";
    static constexpr std::string_view description =
        "What is decided from now on; what is absent or null isn't.";
    static constexpr std::string_view example = R"({"min_interval_ms":500,"keep_readings_days":30})";
    static constexpr auto notes = policy_notes;
};

template <>
struct about<dto::decided_policy> {
    static constexpr std::string_view name = "DecidedPolicy";
    static constexpr std::string_view description = "What was decided; null: nothing.";
    static constexpr std::string_view example = policy_example;
    static constexpr auto notes = policy_notes;
};

template <>
struct about<dto::policy_in_force> {
    static constexpr std::string_view name = "EffectivePolicy";
    static constexpr std::string_view description =
        "What holds: decided for the device, else for its category, else by the server's settings.";
    static constexpr std::string_view example = effective_example;
    static constexpr auto notes = policy_notes;
};

template <>
struct about<dto::refused_readings> {
    static constexpr std::string_view name = "RefusedReadings";
    static constexpr std::string_view description = "Readings that were refused since the server started.";
    static constexpr std::string_view example =
        R"({"too_large":0,"too_soon":12,"backfill_limited":0,"malformed":1,"blocked":0,"overloaded":0})";
    static constexpr std::array notes{field_note{"too_large", "The payload was too large."},
                                      field_note{"too_soon", "The interval wasn't over."},
                                      field_note{"backfill_limited", "They were late, and too many."},
                                      field_note{"malformed", "They couldn't be read."},
                                      field_note{"blocked", "The device was blocked."},
                                      field_note{"overloaded", "The server had too much to do."}};
};

template <>
struct about<dto::device_policy> {
    static constexpr std::string_view name = "DevicePolicy";
    static constexpr std::string_view description = "What a device may send, and how it fared with that.";
    static constexpr std::string_view example =
        R"({"device_id":"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11","category":"weather_station","decided":)"
        R"({"min_interval_ms":500,"payload_limit_bytes":null,"backfill_per_second":null,"backfill_burst":null,)"
        R"("keep_readings_days":30,"keep_rollups_days":0},"effective":{"min_interval_ms":500,)"
        R"("payload_limit_bytes":2048,"backfill_per_second":100,"backfill_burst":10000,"keep_readings_days":30,)"
        R"("keep_rollups_days":0},"backfill_left":10000,"refused":{"too_large":0,"too_soon":12,)"
        R"("backfill_limited":0,"malformed":1,"blocked":0,"overloaded":0}})";
    static constexpr std::array notes{
        field_note{"device_id", "The device's id."},
        field_note{"category", "What it is."},
        field_note{"decided", "What was decided for this device."},
        field_note{"effective", "What holds for it."},
        field_note{"backfill_left", "How many late readings it may send at once now."},
        field_note{"refused", "What was refused of it since the server started."}};
};

template <>
struct about<dto::category_policy> {
    static constexpr std::string_view name = "CategoryPolicy";
    static constexpr std::string_view description = "What holds for the devices of a category.";
    static constexpr std::string_view example =
        R"({"category":"ip_camera","decided":{"min_interval_ms":500,"payload_limit_bytes":null,)"
        R"("backfill_per_second":null,"backfill_burst":null,"keep_readings_days":30,"keep_rollups_days":0},)"
        R"("effective":{"min_interval_ms":500,"payload_limit_bytes":2048,"backfill_per_second":100,)"
        R"("backfill_burst":10000,"keep_readings_days":30,"keep_rollups_days":0}})";
    static constexpr std::array notes{field_note{"category", "The category."},
                                      field_note{"decided", "What was decided for it."},
                                      field_note{"effective", "What holds for its devices."}};
};

template result<dto::policy_request> parse(std::string_view);
template void write(std::string&, const dto::device_policy&);
template void write(std::string&, const dto::category_policy&);
template void write(std::string&, const std::vector<dto::category_policy>&);

} // namespace breakwater::api::schema

void breakwater::api::dto::add_policy_components(std::vector<http::component>& to) {
    using schema::component_of;
    using schema::direction;
    to.push_back(component_of<policy_request>(direction::request));
    to.push_back(component_of<decided_policy>(direction::response));
    to.push_back(component_of<policy_in_force>(direction::response));
    to.push_back(component_of<refused_readings>(direction::response));
    to.push_back(component_of<device_policy>(direction::response));
    to.push_back(component_of<category_policy>(direction::response));
}

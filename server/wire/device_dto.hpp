#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/category.hpp"
#include "domain/device.hpp"
#include "domain/latest.hpp"
#include "wire/schema/schema.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace breakwater::wire {

/// A device's status in the API. `deleted` is the response to a deletion; the schema accepts it in an update,
/// and the handler refuses it with 400.
enum class api_device_status : std::uint8_t { active, blocked, deleted };

[[nodiscard]] constexpr api_device_status to_dto(device_status status) noexcept {
    return status == device_status::blocked ? api_device_status::blocked : api_device_status::active;
}

using device_name = schema::line<min_device_name_length, max_device_name_length>;

struct category_response { ///< Category
    std::string slug;
    std::string name;
    std::string description;
    std::string default_name;
    std::array<std::int64_t, 2> interval_seconds{};
    schema::json_object sample_payload;
};

struct create_device_request { ///< CreateDeviceRequest
    device_name name;
    breakwater::category category = breakwater::category::weather_station;
};

struct update_device_request { ///< UpdateDeviceRequest
    std::optional<device_name> name;
    std::optional<breakwater::category> category;
    std::optional<api_device_status> status;
    std::optional<schema::line<0, max_block_reason_length>> reason; ///< with `status` blocked
};

struct device_credentials { ///< DeviceCredentials, after creation and rotation
    breakwater::device_id device_id;
    std::string device_secret;
    breakwater::category category = breakwater::category::weather_station;
};

struct device_summary { ///< Device
    breakwater::device_id id;
    std::string name;
    breakwater::category category = breakwater::category::weather_station;
    api_device_status status = api_device_status::active;
    timestamp created_at{};
    bool simulated = false;
    bool never_heard = false;
    std::int64_t expected_interval_seconds = 0;
};

struct device_detail { ///< DeviceDetail
    breakwater::device_id id;
    std::string name;
    breakwater::category category = breakwater::category::weather_station;
    api_device_status status = api_device_status::active;
    timestamp created_at{};
    timestamp updated_at{};
    std::optional<timestamp> last_reading_at;
    bool simulated = false;
    bool never_heard = false;
    std::int64_t expected_interval_seconds = 0;
    std::optional<timestamp> first_reading_at;
    std::optional<block_author> blocked_by_kind;
    std::optional<std::string> blocked_by;
    std::optional<std::string> blocked_reason;
    std::optional<timestamp> blocked_at;
    std::optional<std::int64_t> blocked_alert_id;
    std::optional<bool> may_release;
};

struct device_state_change { ///< DeviceStateChange, after deletion, deactivation and invalidation
    breakwater::device_id id;
    api_device_status status = api_device_status::active;
    std::optional<timestamp> deactivated_at;
};

struct device_list_query {
    std::optional<schema::integer<1, 500>> limit; ///< absent: all
    std::optional<schema::text<1, 256>> cursor;
    std::optional<schema::text<0, max_device_name_length>> q; ///< part of the name
    std::optional<device_status> status;
    std::optional<breakwater::category> category;
};

struct latest_field { ///< LatestField
    std::string field;
    schema::json_scalar value;
    timestamp measured_at{};
};

struct device_latest { ///< DeviceLatest
    breakwater::device_id device_id;
    std::string name;
    breakwater::category category = breakwater::category::weather_station;
    api_device_status status = api_device_status::active;
    bool simulated = false;
    bool never_heard = false;
    std::int64_t expected_interval_seconds = 0;
    std::optional<timestamp> last_reading_at;
    std::vector<latest_field> fields;
};

struct device_latest_query {
    std::optional<schema::integer<1, 500>> limit; ///< absent: all
    std::optional<schema::text<1, 256>> cursor;
    std::optional<schema::text<0, max_device_name_length>> q; ///< part of the name
    std::optional<device_status> status;
    std::optional<breakwater::category> category;
    bool include_simulated = false;
};

[[nodiscard]] device_latest to_latest(const device& source, latest_state&& state,
                                      std::chrono::seconds expected_interval);
[[nodiscard]] category_response to_dto(const category_info& category);
[[nodiscard]] device_summary to_summary(const device& source, std::chrono::seconds expected_interval);

/// What a caller may see of a block, and whether the caller may release the device.
struct visible_block {
    std::string author;
    bool may_release = false;
};
/// Ignores `block` unless the device is blocked.
[[nodiscard]] device_detail to_detail(const device& source, std::optional<timestamp> last_reading_at,
                                      std::chrono::seconds expected_interval, visible_block block);

} // namespace breakwater::wire

#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/category.hpp"
#include "domain/change.hpp"
#include "domain/device.hpp"
#include "domain/security_event.hpp"
#include "wire/admin_dto.hpp"
#include "wire/alert_dto.hpp"
#include "wire/reading_dto.hpp"
#include "wire/schema/schema.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::wire {

// What a live connection sends. Views refer to the values that a message was made from.

struct live_welcome { ///< LiveWelcome
    schema::constant<"welcome"> type;
    std::string_view cursor;
    breakwater::user_id user_id = 0;
    bool administrator = false;
    timestamp expires_at{};
};

struct live_renewed { ///< LiveRenewed
    schema::constant<"renewed"> type;
    timestamp expires_at{};
};

struct live_subscribed { ///< LiveSubscribed
    schema::constant<"subscribed"> type;
    schema::json_string_view id;
};

struct live_unsubscribed { ///< LiveUnsubscribed
    schema::constant<"unsubscribed"> type;
    schema::json_string_view id;
};

struct live_error { ///< LiveError
    schema::constant<"error"> type;
    std::string_view detail;
};

struct live_gap { ///< LiveGap
    schema::constant<"gap"> type;
    std::string_view cursor;
};

struct live_heartbeat { ///< LiveHeartbeat
    schema::constant<"heartbeat"> type;
    std::string_view cursor;
};

struct live_reading { ///< LiveReading
    schema::constant<"reading"> type;
    exported_reading reading;
};

struct live_backfill { ///< LiveBackfill
    schema::constant<"backfill"> type;
    breakwater::device_id device_id;
    std::int64_t count = 0;
    timestamp oldest{};
    timestamp newest{};
    timestamp received_at{};
};

struct live_device { ///< LiveDevice
    schema::constant<"device"> type;
    device_change change = device_change::updated;
    breakwater::device_id device_id;
    std::string_view name;
    breakwater::category category = breakwater::category::weather_station;
    device_status status = device_status::active;
    bool simulated = false;
    bool never_heard = false;
    std::int64_t expected_interval_seconds = 0;
    timestamp updated_at{};
};

struct live_device_removal { ///< LiveDeviceRemoval
    schema::constant<"device"> type;
    schema::constant<"deleted"> change;
    breakwater::device_id device_id;
};

struct live_alert { ///< LiveAlert
    schema::constant<"alert"> type;
    alert_change change = alert_change::raised;
    alert_response alert;
};

/// The members of SecurityEvent, with empty texts instead of null.
struct live_security_event { ///< LiveSecurityEvent
    schema::constant<"security_event"> type;
    event_id id = 0;
    timestamp created_at{};
    breakwater::actor_type actor_type = breakwater::actor_type::anonymous;
    std::string_view actor_id;
    breakwater::event_type event_type = breakwater::event_type::login;
    event_status status = event_status::success;
    std::string_view detail;
    std::string_view source_address;
    std::string_view request_id;
    std::string_view route;
    bool simulated = false;
    std::int64_t count = 1;
    std::optional<breakwater::target_type> target_type;
    std::optional<std::string> target_id;
    std::vector<event_target_response> targets;
    std::int64_t target_count = 0;
};

struct live_events { ///< LiveEvents
    schema::constant<"events"> type;
    schema::json_array_view<live_reading, live_backfill, live_device, live_device_removal, live_alert,
                            live_security_event>
        events;
    std::string_view cursor;
};

/// The JSON of a `live_events` in two parts. The sender puts the texts of the events between them, separated
/// by commas. So nobody copies these texts for each client.
struct live_events_frame {
    std::string text;
    std::size_t head_length = 0;

    [[nodiscard]] std::string_view head() const noexcept {
        return std::string_view{text}.substr(0, head_length);
    }
    [[nodiscard]] std::string_view tail() const noexcept {
        return std::string_view{text}.substr(head_length);
    }
};
[[nodiscard]] live_events_frame frame_of_events(std::string_view cursor);

[[nodiscard]] live_reading to_live(const reading& source);
[[nodiscard]] live_device to_live(const device& source, device_change change,
                                  std::chrono::seconds expected_interval);
[[nodiscard]] live_security_event to_live(const security_event& source);

} // namespace breakwater::wire

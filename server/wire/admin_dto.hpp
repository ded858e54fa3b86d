#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/security_event.hpp"
#include "domain/user.hpp"
#include "wire/auth_dto.hpp"
#include "wire/schema/schema.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::wire {

struct create_user_request { ///< CreateUserRequest
    schema::email_address email;
    new_password password;
    std::optional<breakwater::role> role; ///< absent: user
};

struct update_user_request { ///< UpdateUserRequest
    std::optional<schema::email_address> email;
    std::optional<new_password> password;
    std::optional<breakwater::role> role;
    std::optional<bool> disabled;
};

/// Incidents that can be simulated, named after the event types that they write.
enum class incident_scenario : std::uint8_t { jwt_invalid, missing_authorization, device_forbidden };

struct simulate_incident_request { ///< SimulateIncidentRequest
    incident_scenario scenario = incident_scenario::jwt_invalid;
    std::optional<schema::line<0, max_event_detail>> note;
};

struct event_target_response { ///< EventTarget
    breakwater::target_type target_type = breakwater::target_type::device;
    std::string target_id;
};

struct security_event_response { ///< SecurityEvent
    event_id id = 0;
    timestamp created_at{};
    breakwater::actor_type actor_type = breakwater::actor_type::anonymous;
    std::optional<std::string> actor_id;
    breakwater::event_type event_type = breakwater::event_type::login;
    event_status status = event_status::success;
    std::string detail;
    // Members beyond the reference API:
    std::optional<std::string> source_address;
    std::optional<std::string> request_id;
    std::optional<std::string> route;
    bool simulated = false;
    std::int64_t count = 1;
    std::optional<breakwater::target_type> target_type;
    std::optional<std::string> target_id;
    std::vector<event_target_response> targets;
    std::int64_t target_count = 0;
};

struct event_list_query {
    schema::integer<1, 500> limit{100};
    std::optional<timestamp> since; ///< inclusive, like `until`
    std::optional<timestamp> until;
    std::optional<breakwater::actor_type> actor_type;
    std::optional<schema::text<1, 64>> actor_id;
    std::optional<breakwater::event_type> event_type;
    std::optional<event_status> status;
    std::optional<breakwater::target_type> target_type;
    std::optional<schema::text<1, max_target_id>> target_id;
    bool routine = true;
    std::optional<schema::text<1, 256>> cursor;
};

struct device_event_query {
    schema::integer<1, 500> limit{100};
    std::optional<timestamp> since; ///< inclusive, like `until`
    std::optional<timestamp> until;
    std::optional<breakwater::event_type> event_type;
    std::optional<event_status> status;
    std::optional<bool> routine; ///< absent: true if `event_type` is given
    std::optional<schema::text<1, 256>> cursor;
};

/// All targets of the event, the main one first.
[[nodiscard]] std::vector<event_target_response> targets_of(const security_event& event);
[[nodiscard]] security_event_response to_dto(const security_event& event);
[[nodiscard]] constexpr event_type to_event_type(incident_scenario scenario) noexcept {
    switch (scenario) {
    case incident_scenario::missing_authorization: return event_type::missing_authorization;
    case incident_scenario::device_forbidden: return event_type::device_forbidden;
    case incident_scenario::jwt_invalid: break;
    }
    return event_type::jwt_invalid;
}

} // namespace breakwater::wire

template <>
struct breakwater::wire::schema::shared_component<breakwater::wire::event_target_response> {
    static constexpr std::string_view name = "EventTarget";
    static void append(std::string& out, const event_target_response& value);
};

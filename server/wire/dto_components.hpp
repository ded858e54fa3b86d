#pragma once

#include "base/json_schema.hpp"

#include <vector>

namespace breakwater::wire {

// Each *_dto.cpp appends the components of its structs; schema/components.cpp collects them.

void add_account_components(std::vector<named_schema>& components);
void add_auth_components(std::vector<named_schema>& components);
void add_device_components(std::vector<named_schema>& components);
void add_reading_components(std::vector<named_schema>& components);
void add_policy_components(std::vector<named_schema>& components);
void add_alert_components(std::vector<named_schema>& components);
void add_webhook_components(std::vector<named_schema>& components);
void add_admin_components(std::vector<named_schema>& components);
void add_invitation_components(std::vector<named_schema>& components);
void add_health_components(std::vector<named_schema>& components);

} // namespace breakwater::wire

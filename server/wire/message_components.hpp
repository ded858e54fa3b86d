#pragma once

#include "base/json_schema.hpp"

#include <vector>

namespace breakwater::wire {

// Like dto_components.hpp, for structs that only the AsyncAPI document contains.

void add_export_components(std::vector<named_schema>& components);
void add_live_message_components(std::vector<named_schema>& components);
void add_live_request_components(std::vector<named_schema>& components);
void add_webhook_message_components(std::vector<named_schema>& components);

} // namespace breakwater::wire

#pragma once

#include "api/api_parts.hpp"
#include "http/message.hpp"

// The audit log: all events for administrators, a device's events for its owner. One handler per route.
namespace breakwater::api::events {

http::response list(const api_parts& api, const http::request& request);
http::response of_device(const api_parts& api, const http::request& request);

} // namespace breakwater::api::events

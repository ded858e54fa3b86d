#pragma once

#include "api/api_parts.hpp"
#include "http/message.hpp"

// Policies: the limits and the retention of readings. One handler per route.
namespace breakwater::api::policies {

http::response of_device(const api_parts& api, const http::request& request);
http::response put_device(const api_parts& api, const http::request& request);
http::response list(const api_parts& api, const http::request& request);
http::response put_category(const api_parts& api, const http::request& request);

} // namespace breakwater::api::policies

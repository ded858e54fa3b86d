#pragma once

#include "api/api_parts.hpp"
#include "http/message.hpp"

// Health, metrics and the security contact of the server. One handler per route.
namespace breakwater::api::system {

http::response health(const api_parts& api, const http::request& request);
http::response readiness(const api_parts& api, const http::request& request);
http::response metrics(const api_parts& api, const http::request& request);
http::response security_txt(const api_parts& api, const http::request& request);

} // namespace breakwater::api::system

#pragma once

#include "api/api_parts.hpp"
#include "http/message.hpp"

// Devices, for their owners and for administrators. One handler per route.
namespace breakwater::api::devices {

http::response categories(const api_parts& api, const http::request& request);
http::response create(const api_parts& api, const http::request& request);
http::response list(const api_parts& api, const http::request& request);
http::response latest(const api_parts& api, const http::request& request);
http::response get(const api_parts& api, const http::request& request);
http::response update(const api_parts& api, const http::request& request);
http::response remove(const api_parts& api, const http::request& request);
http::response deactivate(const api_parts& api, const http::request& request);
http::response invalidate_tokens(const api_parts& api, const http::request& request);
http::response rotate_secret(const api_parts& api, const http::request& request);

} // namespace breakwater::api::devices

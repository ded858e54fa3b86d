#pragma once

#include "api/api_parts.hpp"
#include "http/message.hpp"

// Webhooks and their deliveries. One handler per route.
namespace breakwater::api::webhooks {

http::response list(const api_parts& api, const http::request& request);
http::response create(const api_parts& api, const http::request& request);
http::response update(const api_parts& api, const http::request& request);
http::response remove(const api_parts& api, const http::request& request);
http::response test(const api_parts& api, const http::request& request);
http::response deliveries(const api_parts& api, const http::request& request);
http::response retry(const api_parts& api, const http::request& request);

} // namespace breakwater::api::webhooks

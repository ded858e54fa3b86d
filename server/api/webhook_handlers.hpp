#pragma once

#include "api/api_parts.hpp"
#include "http/message.hpp"

// Webhooks: who is told of alerts, and how that went.
namespace breakwater::api::webhooks {

http::response list(const api_parts& with, const http::request& asked);
http::response create(const api_parts& with, const http::request& asked);
http::response update(const api_parts& with, const http::request& asked);
http::response remove(const api_parts& with, const http::request& asked);
http::response test(const api_parts& with, const http::request& asked);
http::response deliveries(const api_parts& with, const http::request& asked);
http::response retry(const api_parts& with, const http::request& asked);

} // namespace breakwater::api::webhooks

#pragma once

#include "api/api_parts.hpp"
#include "http/message.hpp"

// Accounts, simulated incidents and retention, for administrators. One handler per route.
namespace breakwater::api::admin {

http::response simulate_incident(const api_parts& api, const http::request& request);
http::response release_retention(const api_parts& api, const http::request& request);
http::response list_users(const api_parts& api, const http::request& request);
http::response create_user(const api_parts& api, const http::request& request);
http::response update_user(const api_parts& api, const http::request& request);
http::response remove_user(const api_parts& api, const http::request& request);

} // namespace breakwater::api::admin

#pragma once

#include "api/api_parts.hpp"
#include "http/message.hpp"

// What only administrators may do.
namespace breakwater::api::admin {

http::response simulate_incident(const api_parts& with, const http::request& asked);
http::response release_retention(const api_parts& with, const http::request& asked);
http::response list_users(const api_parts& with, const http::request& asked);
http::response create_user(const api_parts& with, const http::request& asked);
http::response update_user(const api_parts& with, const http::request& asked);
http::response remove_user(const api_parts& with, const http::request& asked);

} // namespace breakwater::api::admin

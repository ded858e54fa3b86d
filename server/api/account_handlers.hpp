#pragma once

#include "api/api_parts.hpp"
#include "http/message.hpp"

// The caller's own account. One handler per route.
namespace breakwater::api::account {

http::response list_sessions(const api_parts& api, const http::request& request);
http::response end_session(const api_parts& api, const http::request& request);
http::response change_password(const api_parts& api, const http::request& request);

} // namespace breakwater::api::account

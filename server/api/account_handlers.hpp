#pragma once

#include "api/api_parts.hpp"
#include "http/message.hpp"

// What a person does with their own account. One handler a route.
namespace breakwater::api::account {

http::response list_sessions(const api_parts& with, const http::request& request);
http::response end_session(const api_parts& with, const http::request& request);
http::response change_password(const api_parts& with, const http::request& request);

} // namespace breakwater::api::account

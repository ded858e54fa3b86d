#pragma once

#include "api/api_parts.hpp"
#include "http/message.hpp"
#include "http/route.hpp"

// Sign-in of people and devices, and sessions of people. One handler per route; the table in routes.cpp
// defines on which thread each one runs.
namespace breakwater::api::auth {

/// Decide whether a registration or a sign-in may queue for hashing (`http::blocking_handler::admit`).
http::refusal admit_registration(const api_parts& api, const http::request& request);
http::refusal admit_login(const api_parts& api, const http::request& request);

http::response register_account(const api_parts& api, const http::request& request);
http::response login(const api_parts& api, const http::request& request);
http::response refresh(const api_parts& api, const http::request& request);
http::response logout(const api_parts& api, const http::request& request);
http::response logout_all(const api_parts& api, const http::request& request);
http::response live_ticket(const api_parts& api, const http::request& request);
http::response device_token(const api_parts& api, const http::request& request);

} // namespace breakwater::api::auth

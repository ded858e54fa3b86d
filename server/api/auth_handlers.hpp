#pragma once

#include "api/api_parts.hpp"
#include "http/message.hpp"
#include "http/route.hpp"

// Sign-in and sessions of people, and of devices. One handler a route, named as what it does; the table in
// routes.cpp says on which thread it runs.
namespace breakwater::api::auth {

/// Whether a registration, and a sign-in, may wait for a hash (`http::blocking_handler::admit`).
http::refusal admit_registration(const api_parts& with, const http::request& asked);
http::refusal admit_login(const api_parts& with, const http::request& asked);

http::response register_account(const api_parts& with, const http::request& asked);
http::response login(const api_parts& with, const http::request& asked);
http::response refresh(const api_parts& with, const http::request& asked);
http::response logout(const api_parts& with, const http::request& asked);
http::response logout_all(const api_parts& with, const http::request& asked);
http::response live_ticket(const api_parts& with, const http::request& asked);
http::response device_token(const api_parts& with, const http::request& asked);

} // namespace breakwater::api::auth

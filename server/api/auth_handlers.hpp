#pragma once

#include "audit/recorder.hpp"
#include "http/message.hpp"
#include "http/route.hpp"
#include "identity/token_service.hpp"
#include "live/hub.hpp"
#include "services/auth_service.hpp"
#include "services/user_service.hpp"

// Sign-in of people and devices, and sessions of people. One handler per route; the table in routes.cpp
// defines on which thread each one runs.
namespace breakwater::api::auth {

struct dependencies {
    services::auth_service& auth;
    services::user_service& users;
    const identity::token_service& tokens;
    breakwater::audit::recorder& denials;
    live::hub& live;
};

/// Decide whether a registration or a sign-in may queue for hashing (`http::blocking_handler::admit`).
http::refusal admit_registration(const dependencies& deps, const http::request& request);
http::refusal admit_login(const dependencies& deps, const http::request& request);

http::response register_account(const dependencies& deps, const http::request& request);
http::response login(const dependencies& deps, const http::request& request);
http::response refresh(const dependencies& deps, const http::request& request);
http::response logout(const dependencies& deps, const http::request& request);
http::response logout_all(const dependencies& deps, const http::request& request);
http::response live_ticket(const dependencies& deps, const http::request& request);
http::response device_token(const dependencies& deps, const http::request& request);

} // namespace breakwater::api::auth

#pragma once

#include "http/message.hpp"
#include "services/audit_service.hpp"
#include "services/clock_watch.hpp"
#include "services/user_service.hpp"

// Accounts, simulated incidents and retention, for administrators. One handler per route.
namespace breakwater::api::admin {

struct dependencies {
    services::user_service& users;
    services::audit_service& audit;
    services::clock_watch& clocks;
};

http::response simulate_incident(const dependencies& deps, const http::request& request);
http::response release_retention(const dependencies& deps, const http::request& request);
http::response list_users(const dependencies& deps, const http::request& request);
http::response create_user(const dependencies& deps, const http::request& request);
http::response update_user(const dependencies& deps, const http::request& request);
http::response remove_user(const dependencies& deps, const http::request& request);

} // namespace breakwater::api::admin

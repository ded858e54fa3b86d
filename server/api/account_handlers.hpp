#pragma once

#include "http/message.hpp"
#include "services/account_service.hpp"

// The caller's own account. One handler per route.
namespace breakwater::api::account {

struct dependencies {
    services::account_service& account;
};

http::response list_sessions(const dependencies& deps, const http::request& request);
http::response end_session(const dependencies& deps, const http::request& request);
http::response change_password(const dependencies& deps, const http::request& request);

} // namespace breakwater::api::account

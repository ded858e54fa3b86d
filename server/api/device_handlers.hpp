#pragma once

#include "http/message.hpp"
#include "services/device_service.hpp"
#include "services/policy_service.hpp"
#include "services/reading_service.hpp"

// Devices, for their owners and for administrators. One handler per route.
namespace breakwater::api::devices {

struct dependencies {
    services::device_service& devices;
    services::reading_service& readings;
    services::policy_service& policies;
};

http::response categories(const dependencies& deps, const http::request& request);
http::response create(const dependencies& deps, const http::request& request);
http::response list(const dependencies& deps, const http::request& request);
http::response latest(const dependencies& deps, const http::request& request);
http::response get(const dependencies& deps, const http::request& request);
http::response update(const dependencies& deps, const http::request& request);
http::response remove(const dependencies& deps, const http::request& request);
http::response deactivate(const dependencies& deps, const http::request& request);
http::response invalidate_tokens(const dependencies& deps, const http::request& request);
http::response rotate_secret(const dependencies& deps, const http::request& request);

} // namespace breakwater::api::devices

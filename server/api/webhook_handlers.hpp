#pragma once

#include "http/message.hpp"
#include "services/webhook_service.hpp"

// Webhooks and their deliveries. One handler per route.
namespace breakwater::api::webhooks {

struct dependencies {
    services::webhook_service& webhooks;
};

http::response list(const dependencies& deps, const http::request& request);
http::response create(const dependencies& deps, const http::request& request);
http::response update(const dependencies& deps, const http::request& request);
http::response remove(const dependencies& deps, const http::request& request);
http::response test(const dependencies& deps, const http::request& request);
http::response deliveries(const dependencies& deps, const http::request& request);
http::response retry(const dependencies& deps, const http::request& request);

} // namespace breakwater::api::webhooks

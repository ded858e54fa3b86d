#pragma once

#include "http/message.hpp"
#include "services/alert_service.hpp"
#include "services/device_service.hpp"

#include <string>

// Alerts, and the rules that raise them. One handler per route.
namespace breakwater::api::alerts {

struct dependencies {
    services::alert_service& alerts;
    services::device_service& devices;
};

http::response list(const dependencies& deps, const http::request& request);
http::response summary(const dependencies& deps, const http::request& request);
http::response get(const dependencies& deps, const http::request& request);
http::response acknowledge(const dependencies& deps, const http::request& request);
http::response resolve(const dependencies& deps, const http::request& request);

http::response list_rules(const dependencies& deps, const http::request& request);
http::response get_rule(const dependencies& deps, const http::request& request);
http::response create_rule(const dependencies& deps, const http::request& request);
http::response update_rule(const dependencies& deps, const http::request& request);
http::response remove_rule(const dependencies& deps, const http::request& request);

} // namespace breakwater::api::alerts

#pragma once

#include "http/message.hpp"
#include "services/audit_service.hpp"
#include "services/device_service.hpp"

// The audit log: all events for administrators, a device's events for its owner. One handler per route.
namespace breakwater::api::events {

struct dependencies {
    services::audit_service& audit;
    services::device_service& devices;
};

http::response list(const dependencies& deps, const http::request& request);
http::response of_device(const dependencies& deps, const http::request& request);

} // namespace breakwater::api::events

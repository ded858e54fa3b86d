#pragma once

#include "http/message.hpp"
#include "services/device_service.hpp"
#include "services/policy_service.hpp"
#include "telemetry/ingest.hpp"

// Policies: the limits and the retention of readings. One handler per route.
namespace breakwater::api::policies {

struct dependencies {
    services::policy_service& policies;
    services::device_service& devices;
    telemetry::ingest& ingest;
};

http::response of_device(const dependencies& deps, const http::request& request);
http::response put_device(const dependencies& deps, const http::request& request);
http::response list(const dependencies& deps, const http::request& request);
http::response put_category(const dependencies& deps, const http::request& request);

} // namespace breakwater::api::policies

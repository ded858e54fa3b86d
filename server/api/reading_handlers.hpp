#pragma once

#include "base/clock.hpp"
#include "http/message.hpp"
#include "http/route.hpp"
#include "services/reading_service.hpp"
#include "telemetry/ingest.hpp"

// Readings: uploads by devices, and queries and exports by people. One handler per route.
namespace breakwater::api::readings {

struct dependencies {
    services::reading_service& readings;
    telemetry::ingest& ingest;
    const clock& time;
    std::size_t max_page_size = 100;       ///< readings: MAX_READINGS_PAGE_SIZE
    std::size_t max_batch_readings = 1000; ///< MAX_BATCH_READINGS
};

/// The hot path: runs on the I/O thread until the reading is queued, and responds there after the commit.
void upload(const dependencies& deps, http::request& request, http::respond done);

/// Runs on a thread pool until the batch is queued, because parsing a batch takes milliseconds.
void upload_batch(const dependencies& deps, http::request& request, http::respond done);

http::response list(const dependencies& deps, const http::request& request);
http::response meta(const dependencies& deps, const http::request& request);
http::response series(const dependencies& deps, const http::request& request);
http::response csv(const dependencies& deps, const http::request& request);
http::response ndjson(const dependencies& deps, const http::request& request);
http::response fleet_csv(const dependencies& deps, const http::request& request);
http::response fleet_ndjson(const dependencies& deps, const http::request& request);

} // namespace breakwater::api::readings

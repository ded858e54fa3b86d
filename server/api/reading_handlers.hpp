#pragma once

#include "api/api_parts.hpp"
#include "http/message.hpp"
#include "http/route.hpp"

// Readings: uploads by devices, and queries and exports by people. One handler per route.
namespace breakwater::api::readings {

/// The hot path: runs on the I/O thread until the reading is queued, and responds there after the commit.
void upload(const api_parts& api, http::request& request, http::respond done);

/// Runs on a thread pool until the batch is queued, because parsing a batch takes milliseconds.
void upload_batch(const api_parts& api, http::request& request, http::respond done);

http::response list(const api_parts& api, const http::request& request);
http::response meta(const api_parts& api, const http::request& request);
http::response series(const api_parts& api, const http::request& request);
http::response csv(const api_parts& api, const http::request& request);
http::response ndjson(const api_parts& api, const http::request& request);
http::response fleet_csv(const api_parts& api, const http::request& request);
http::response fleet_ndjson(const api_parts& api, const http::request& request);

} // namespace breakwater::api::readings

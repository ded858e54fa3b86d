#pragma once

#include "api/api_parts.hpp"
#include "http/message.hpp"
#include "http/route.hpp"

// Readings: a device's upload, and what people ask of them.
namespace breakwater::api::readings {

/// The hot path: on the I/O thread up to the queue, back on it after the commit.
void upload(const api_parts& with, http::request& asked, http::respond done);

/// On a pool up to the queue: a batch takes milliseconds to read.
void upload_batch(const api_parts& with, http::request& asked, http::respond done);

http::response list(const api_parts& with, const http::request& asked);
http::response meta(const api_parts& with, const http::request& asked);
http::response series(const api_parts& with, const http::request& asked);
http::response csv(const api_parts& with, const http::request& asked);
http::response ndjson(const api_parts& with, const http::request& asked);
http::response fleet_csv(const api_parts& with, const http::request& asked);
http::response fleet_ndjson(const api_parts& with, const http::request& asked);

} // namespace breakwater::api::readings

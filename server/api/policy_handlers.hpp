#pragma once

#include "api/api_parts.hpp"
#include "http/message.hpp"

// Policies: what devices may send, and for how long it is kept.
namespace breakwater::api::policies {

http::response of_device(const api_parts& with, const http::request& asked);
http::response put_device(const api_parts& with, const http::request& asked);
http::response list(const api_parts& with, const http::request& asked);
http::response put_category(const api_parts& with, const http::request& asked);

} // namespace breakwater::api::policies

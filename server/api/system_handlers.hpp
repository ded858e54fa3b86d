#pragma once

#include "api/api_parts.hpp"
#include "http/message.hpp"

// What operators, browsers and scanners ask of the server itself.
namespace breakwater::api::system {

http::response health(const api_parts& with, const http::request& asked);
http::response readiness(const api_parts& with, const http::request& asked);
http::response metrics(const api_parts& with, const http::request& asked);
http::response security_txt(const api_parts& with, const http::request& asked);

} // namespace breakwater::api::system

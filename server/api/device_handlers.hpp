#pragma once

#include "api/api_parts.hpp"
#include "http/message.hpp"

// Devices, for the people they belong to.
namespace breakwater::api::devices {

http::response categories(const api_parts& with, const http::request& asked);
http::response create(const api_parts& with, const http::request& asked);
http::response list(const api_parts& with, const http::request& asked);
http::response latest(const api_parts& with, const http::request& asked);
http::response get(const api_parts& with, const http::request& asked);
http::response update(const api_parts& with, const http::request& asked);
http::response remove(const api_parts& with, const http::request& asked);
http::response deactivate(const api_parts& with, const http::request& asked);
http::response invalidate_tokens(const api_parts& with, const http::request& asked);
http::response rotate_secret(const api_parts& with, const http::request& asked);

} // namespace breakwater::api::devices

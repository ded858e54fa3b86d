#pragma once

#include "api/api_parts.hpp"
#include "http/message.hpp"

// Invitations to create an account. One handler per route.
namespace breakwater::api::invitations {

http::response list(const api_parts& api, const http::request& request);
http::response create(const api_parts& api, const http::request& request);
http::response remove(const api_parts& api, const http::request& request);

} // namespace breakwater::api::invitations

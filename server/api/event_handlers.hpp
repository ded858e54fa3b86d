#pragma once

#include "api/api_parts.hpp"
#include "http/message.hpp"

// The audit log: all of it for administrators, what is about a device for its owner.
namespace breakwater::api::events {

http::response list(const api_parts& with, const http::request& asked);
http::response of_device(const api_parts& with, const http::request& asked);

} // namespace breakwater::api::events

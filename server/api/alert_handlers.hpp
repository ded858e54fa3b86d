#pragma once

#include "api/api_parts.hpp"
#include "domain/alert.hpp"
#include "http/message.hpp"

#include <string>

// Alerts, and the rules that raise them. One handler per route.
namespace breakwater::api::alerts {

http::response list(const api_parts& api, const http::request& request);
http::response summary(const api_parts& api, const http::request& request);
http::response get(const api_parts& api, const http::request& request);
http::response acknowledge(const api_parts& api, const http::request& request);
http::response resolve(const api_parts& api, const http::request& request);

http::response list_rules(const api_parts& api, const http::request& request);
http::response get_rule(const api_parts& api, const http::request& request);
http::response create_rule(const api_parts& api, const http::request& request);
http::response update_rule(const api_parts& api, const http::request& request);
http::response remove_rule(const api_parts& api, const http::request& request);

} // namespace breakwater::api::alerts

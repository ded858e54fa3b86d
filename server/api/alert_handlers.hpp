#pragma once

#include "api/api_parts.hpp"
#include "domain/alert.hpp"
#include "http/message.hpp"

#include <string>

// Alerts, and the rules that raise them. One handler a route, named as what it does.
namespace breakwater::api::alerts {

http::response list(const api_parts& with, const http::request& asked);
http::response summary(const api_parts& with, const http::request& asked);
http::response get(const api_parts& with, const http::request& asked);
http::response acknowledge(const api_parts& with, const http::request& asked);
http::response resolve(const api_parts& with, const http::request& asked);

http::response list_rules(const api_parts& with, const http::request& asked);
http::response get_rule(const api_parts& with, const http::request& asked);
http::response create_rule(const api_parts& with, const http::request& asked);
http::response update_rule(const api_parts& with, const http::request& asked);
http::response remove_rule(const api_parts& with, const http::request& asked);

/// The same form for those who tell of it elsewhere: a JSON object.
[[nodiscard]] std::string json_of(const alert& what);

} // namespace breakwater::api::alerts

#pragma once

#include "api/api_parts.hpp"
#include "http/router.hpp"

#include <memory>
#include <string>

namespace breakwater::api {

/// The whole API: every path, who may call it, where it runs and what the document says of it, a row each.
[[nodiscard]] std::unique_ptr<http::router> make_router(api_parts with);

/// The OpenAPI 3.1 document of that table.
[[nodiscard]] std::string openapi_of(const http::router& routes, const std::string& version);

} // namespace breakwater::api

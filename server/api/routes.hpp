#pragma once

#include "api/api_parts.hpp"
#include "http/router.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace breakwater::api {

/// The whole API: every path, who may call it, where it runs and what the document says of it, a row each.
[[nodiscard]] std::unique_ptr<http::router> make_router(api_parts with);

/// The OpenAPI 3.1 document of that table, made with nothing behind it: no handler is called.
[[nodiscard]] std::string openapi_document(const std::string& version);

/// The document of any table. `base_path`: BASE_PATH, behind which the calls are found.
[[nodiscard]] std::string openapi_of(const http::router& routes, const std::string& version,
                                     std::string_view base_path = {});

/// Whether an address of that table has this first segment.
[[nodiscard]] bool begins_a_route(std::string_view segment);

} // namespace breakwater::api

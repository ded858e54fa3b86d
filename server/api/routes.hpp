#pragma once

#include "api/api_parts.hpp"
#include "http/router.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace breakwater::api {

/// The whole API: one row for each route, with its path, action, handler, class of work and documentation.
[[nodiscard]] std::unique_ptr<http::router> make_router(api_parts api);

/// The OpenAPI 3.1 document of that table. It needs no services, because no handler is called.
[[nodiscard]] std::string openapi_document(const std::string& version);

/// The OpenAPI document of any table. `base_path`: the setting BASE_PATH, the prefix of every path.
[[nodiscard]] std::string openapi_of(const http::router& routes, const std::string& version,
                                     std::string_view base_path = {});

/// docs/permissions.md for that table.
[[nodiscard]] std::string permissions_page();

/// Whether a path of the table starts with this segment.
[[nodiscard]] bool is_first_path_segment(std::string_view segment);

} // namespace breakwater::api

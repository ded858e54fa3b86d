#pragma once

#include "http/route.hpp"

#include <memory>
#include <string>
#include <vector>

namespace breakwater::api {

/// The pages that explain the API: `/` leads to Swagger UI at /docs; Redoc is at /redoc, the document at
/// /openapi.json, and what the pages need under /docs/assets. All of it from the binary, nothing from the
/// internet.
void add_documentation(std::vector<http::route>& table, std::shared_ptr<const std::string> document);

} // namespace breakwater::api

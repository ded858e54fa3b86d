#pragma once

#include "http/route.hpp"

#include <memory>
#include <string>
#include <vector>

namespace breakwater::api {

/// Adds the routes of the web client (/ and /app), Swagger UI (/docs), Redoc (/redoc), their files
/// (/docs/assets), the OpenAPI document (/openapi.json) and the AsyncAPI document (/asyncapi.json). The
/// binary contains all files: the pages load nothing from the internet.
void add_documentation(std::vector<http::route>& table, std::shared_ptr<const std::string> openapi,
                       std::shared_ptr<const std::string> asyncapi);

} // namespace breakwater::api

#pragma once

#include "http/openapi.hpp"

#include <vector>

namespace breakwater::api::schema {

/// Every request and response of the API as an OpenAPI component, sorted by name: the struct's title in
/// CamelCase
/// (`RegisterRequest`, `TokenPair`, `Device`, …; see dto/*.hpp), and `Problem`.
[[nodiscard]] std::vector<http::component> components();

} // namespace breakwater::api::schema

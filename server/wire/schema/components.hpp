#pragma once

#include "http/openapi.hpp"

#include <vector>

namespace breakwater::wire::schema {

/// Every request and response of the API as an OpenAPI component, and `Problem`; sorted by name. *_dto.hpp
/// has the names beside the structs: `RegisterRequest`, `TokenPair`, `Device`, …
[[nodiscard]] std::vector<http::component> components();

} // namespace breakwater::wire::schema

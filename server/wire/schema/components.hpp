#pragma once

#include "base/json_schema.hpp"

#include <vector>

namespace breakwater::wire::schema {

/// Every request and response of the API as an OpenAPI component, and `Problem`; sorted by name. *_dto.hpp
/// has the names beside the structs: `RegisterRequest`, `TokenPair`, `Device`, …
[[nodiscard]] std::vector<named_schema> components();

} // namespace breakwater::wire::schema

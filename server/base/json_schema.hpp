#pragma once

#include <string>
#include <string_view>

namespace breakwater {

/// A JSON Schema (draft 2020-12) that a document lists under a name.
struct named_schema {
    std::string name;
    std::string schema;
    std::string example{}; ///< JSON text; empty: no example
};

/// A parameter or header of a request or response. The views refer to static storage.
struct parameter_schema {
    std::string_view name;
    std::string_view schema; ///< JSON Schema as text
    std::string_view description;
    bool required = false;
};

} // namespace breakwater

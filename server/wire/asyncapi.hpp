#pragma once

#include <string>
#include <string_view>

namespace breakwater::wire {

struct asyncapi_info {
    std::string_view version;     ///< of the server
    std::string_view base_path{}; ///< prefix of every path, such as `/fleet`; may be empty
};

/// The messages of live connections and webhooks as an AsyncAPI 3.0 document, indented by two spaces. Equal
/// arguments give equal bytes. Throws std::logic_error if a message refers to a component that does not
/// exist.
[[nodiscard]] std::string asyncapi_document(const asyncapi_info& info);

} // namespace breakwater::wire

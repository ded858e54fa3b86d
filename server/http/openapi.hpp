#pragma once

#include "base/json_schema.hpp"
#include "http/router.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::http {

struct openapi_tag {
    std::string_view name; ///< as in `documentation::tag`
    std::string_view description;
};

struct openapi_info {
    std::string_view title;
    std::string_view version;
    std::string_view base_path{}; ///< prefix of every path, such as `/fleet`; may be empty
    std::string_view summary;
    std::string_view description;    ///< CommonMark
    std::string_view license;        ///< SPDX identifier
    std::vector<openapi_tag> tags{}; ///< in display order
};

/// The route table as an OpenAPI 3.1 document, indented by two spaces. Equal tables give equal bytes. Adds to
/// each operation the errors that its credential, body and parameters imply. REQUIRES: `components` contains
/// `Problem` and every component that a row names; otherwise throws std::logic_error, so that the server does
/// not start with an invalid table.
[[nodiscard]] std::string openapi_document(const router& routes, const openapi_info& info,
                                           std::span<const named_schema> components);

} // namespace breakwater::http

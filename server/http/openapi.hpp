#pragma once

#include "http/router.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::http {

/// A named JSON Schema (draft 2020-12) and, as JSON text, an example of it (may be empty).
struct component {
    std::string name;
    std::string schema;
    std::string example{};
};

struct openapi_tag {
    std::string_view name; ///< as in `documentation::tag`
    std::string_view description;
};

struct openapi_info {
    std::string_view title;
    std::string_view version;
    std::string_view base_path{}; ///< in front of every path, `/fleet`; may be empty
    std::string_view summary;
    std::string_view description;    ///< CommonMark
    std::string_view license;        ///< SPDX identifier
    std::vector<openapi_tag> tags{}; ///< in the order in which they are shown
};

/// The route table as an OpenAPI 3.1 document, indented by two spaces: the same rows give the same bytes.
/// Beside what the rows say, each operation tells the errors that follow from its credential, body and
/// parameters. REQUIRES: `components` has one named `Problem`, and every one that a row names; throws
/// std::logic_error otherwise, so that a wrong table does not start.
[[nodiscard]] std::string openapi_document(const router& routes, const openapi_info& info,
                                           std::span<const component> components);

} // namespace breakwater::http

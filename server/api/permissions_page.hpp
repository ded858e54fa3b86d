#pragma once

#include "http/router.hpp"

#include <string>

namespace breakwater::api {

/// docs/permissions.md: who may do what, and what each call of the table needs.
[[nodiscard]] std::string permissions_page_of(const http::router& routes);

} // namespace breakwater::api

#pragma once

#include "api/account_handlers.hpp"
#include "api/admin_handlers.hpp"
#include "api/alert_handlers.hpp"
#include "api/auth_handlers.hpp"
#include "api/device_handlers.hpp"
#include "api/event_handlers.hpp"
#include "api/invitation_handlers.hpp"
#include "api/policy_handlers.hpp"
#include "api/reading_handlers.hpp"
#include "api/system_handlers.hpp"
#include "api/webhook_handlers.hpp"
#include "http/router.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <tuple>

namespace breakwater::api {

/// What the handlers use, by groups of routes. Everything referenced here must outlive the router.
using handler_dependencies =
    std::tuple<account::dependencies, admin::dependencies, alerts::dependencies, auth::dependencies,
               devices::dependencies, events::dependencies, invitations::dependencies, policies::dependencies,
               readings::dependencies, system::dependencies, webhooks::dependencies>;

/// The whole API: one row for each route, with its path, action, handler, class of work and documentation.
/// `base_path`: the setting BASE_PATH, the prefix of every path.
[[nodiscard]] std::unique_ptr<http::router> make_router(handler_dependencies deps,
                                                        std::string_view base_path);

/// The OpenAPI 3.1 document of that table. It needs no services, because no handler is called.
[[nodiscard]] std::string openapi_document(const std::string& version);

/// The OpenAPI document of any table. `base_path`: the setting BASE_PATH, the prefix of every path.
[[nodiscard]] std::string openapi_of(const http::router& routes, const std::string& version,
                                     std::string_view base_path = {});

/// docs/permissions.md for that table.
[[nodiscard]] std::string permissions_page();

/// Whether a path of the table starts with this segment.
[[nodiscard]] bool is_first_path_segment(std::string_view segment);

} // namespace breakwater::api

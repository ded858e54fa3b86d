#pragma once

#include "domain/security_event.hpp"
#include "http/message.hpp"

#include <optional>

namespace breakwater::api {

/// What a request's path names, for the audit log: the device of `/devices/{id}/readings`. None where the
/// path names nothing, or not as such things are named.
[[nodiscard]] std::optional<event_target> path_target(const http::request& asked);

} // namespace breakwater::api

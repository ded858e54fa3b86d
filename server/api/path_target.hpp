#pragma once

#include "domain/security_event.hpp"
#include "http/message.hpp"

#include <optional>

namespace breakwater::api {

/// The object that a request's path names, for the audit log: the device of `/devices/{id}/readings`. None if
/// the path names no object, or if the id is invalid.
[[nodiscard]] std::optional<event_target> path_target(const http::request& request);

} // namespace breakwater::api

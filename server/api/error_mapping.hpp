#pragma once

#include "base/result.hpp"
#include "http/message.hpp"

namespace breakwater::api {

[[nodiscard]] unsigned status_of(errc code) noexcept;

/// Turns an error into a problem document; the only place that maps errors to statuses. The text of an
/// internal error goes to the log under the request's id, and the client gets a general sentence instead.
[[nodiscard]] http::response to_response(const error& failure, const http::request& request);

} // namespace breakwater::api

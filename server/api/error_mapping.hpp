#pragma once

#include "base/result.hpp"
#include "http/message.hpp"

namespace breakwater::api {

[[nodiscard]] unsigned status_of(errc code) noexcept;

/// The one place that turns an error into a status. What is internal stays inside: its text goes to the log
/// under the request's id, and the client gets a sentence that says nothing of it.
[[nodiscard]] http::response to_response(const error& why, const http::request& asked);

} // namespace breakwater::api

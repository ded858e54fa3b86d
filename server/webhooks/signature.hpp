#pragma once

#include "base/clock.hpp"

#include <string>
#include <string_view>

namespace breakwater::webhooks {

/// What shows a receiver that a message is from here and new: `v1=` and, in hexadecimal, the HMAC-SHA256
/// under the secret's text of the time in seconds since 1970, a dot, and the body.
[[nodiscard]] std::string signature_of(std::string_view secret, std::chrono::sys_seconds at,
                                       std::string_view body);

} // namespace breakwater::webhooks

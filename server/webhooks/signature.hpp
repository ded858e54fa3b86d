#pragma once

#include "base/clock.hpp"

#include <string>
#include <string_view>

namespace breakwater::webhooks {

/// What shows a receiver that a message is from here, new, and the one of that number, as Standard Webhooks
/// has it (standardwebhooks.com, scheme v1): `v1,` and, in base64, the HMAC-SHA256 of the message's id, a
/// dot, the time in seconds since 1970, a dot, and the body. `secret` is the key in URL-safe base64, as it is
/// stored; a text that isn't is the key itself.
[[nodiscard]] std::string signature_of(std::string_view secret, std::string_view id,
                                       std::chrono::sys_seconds at, std::string_view body);

} // namespace breakwater::webhooks

#pragma once

#include "base/clock.hpp"

#include <string>
#include <string_view>

namespace breakwater::webhooks {

/// The signature that proves origin, time and id of a message to its receiver, according to Standard Webhooks
/// (standardwebhooks.com, scheme v1): `v1,` followed by the base64 of the HMAC-SHA256 over `id.time.body`,
/// with the time in seconds since 1970. `secret` is the stored key in URL-safe base64; a text that is not
/// valid base64 is used as the key itself.
[[nodiscard]] std::string signature_of(std::string_view secret, std::string_view id,
                                       std::chrono::sys_seconds at, std::string_view body);

} // namespace breakwater::webhooks

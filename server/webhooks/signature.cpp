#include "webhooks/signature.hpp"

#include "base/encoding.hpp"
#include "crypto/digest.hpp"

#include <fmt/format.h>

namespace breakwater::webhooks {

std::string signature_of(std::string_view secret, std::string_view id, std::chrono::sys_seconds at,
                         std::string_view body) {
    const std::string signed_text = fmt::format("{}.{}.{}", id, at.time_since_epoch().count(), body);
    const auto key = base64url_decode(secret);
    return "v1," + base64_encode(crypto::hmac_sha256(key ? *key : as_bytes(secret), as_bytes(signed_text)));
}

} // namespace breakwater::webhooks

#include "webhooks/signature.hpp"

#include "base/encoding.hpp"
#include "crypto/digest.hpp"

#include <fmt/format.h>

namespace breakwater::webhooks {

std::string signature_of(std::string_view secret, std::chrono::sys_seconds at, std::string_view body) {
    const std::string signed_text = fmt::format("{}.{}", at.time_since_epoch().count(), body);
    return "v1=" + hex_encode(crypto::hmac_sha256(as_bytes(secret), as_bytes(signed_text)));
}

} // namespace breakwater::webhooks

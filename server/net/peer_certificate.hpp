#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

struct ssl_st;

namespace breakwater::net {

/// The certificate of a TLS client, verified against the configured CA.
struct peer_certificate {
    std::string subject;                      ///< RFC 4514 in UTF-8, such as `CN=pump-7,O=Example`
    std::array<std::uint8_t, 32> fingerprint; ///< SHA-256 of the certificate in DER form
};

/// The certificate of the peer after the handshake. Nothing if the peer sent none or if it was not verified.
[[nodiscard]] std::optional<peer_certificate> verified_certificate(const ssl_st& connection);

} // namespace breakwater::net

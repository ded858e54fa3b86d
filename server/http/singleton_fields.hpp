#pragma once

#include "http/request_validator.hpp"

#include <cstdint>

namespace breakwater::http {

/// The part of the request validator for fields that may occur only once and that the server acts on:
/// credentials, the type of the body, the origin, the WebSocket handshake. If a field occurs twice, a proxy
/// may use one value and the server the other (RFC 9110 section 5.3), so a second field is refused even with
/// an equal value. `framing_fields` checks Host, Content-Length and Transfer-Encoding.
class singleton_fields {
public:
    /// Checks the next field. Accepts all other fields.
    [[nodiscard]] verdict check(const request_head::field& field) noexcept;

private:
    std::uint32_t seen_ = 0; ///< one bit per singleton field
};

} // namespace breakwater::http

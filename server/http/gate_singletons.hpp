#pragma once

#include "http/gate.hpp"

#include <cstdint>

namespace breakwater::http {

/// The part of the gate that looks at fields of which there may be one only, and whose value decides
/// something here: who asks, what the body is, which page asks, a WebSocket's handshake. Of two, a proxy in
/// front may read the one and we the other (RFC 9110 section 5.3), so two are refused, also where they agree.
/// Host, Content-Length and Transfer-Encoding are `framing_fields`'.
class singleton_fields {
public:
    /// Takes the next field; others than those pass.
    [[nodiscard]] verdict note(const request_head::field& field) noexcept;

private:
    std::uint32_t seen_ = 0; ///< a bit for each
};

} // namespace breakwater::http

#pragma once

#include "base/ip_address.hpp"

namespace breakwater::webhooks {

/// Whether an address belongs to somebody out in the Internet, and to nobody near us: neither to this
/// machine, a network of our own or a provider's inside (RFC 6890 and its successors, the IANA registries of
/// special purposes), nor one of those in another form (IPv4-mapped, NAT64 of RFC 6052, 6to4).
[[nodiscard]] bool is_public(const ip_bytes& address) noexcept;

} // namespace breakwater::webhooks

#pragma once

#include "base/ip_address.hpp"

namespace breakwater::webhooks {

/// Whether an address is a public Internet address. It is not if it belongs to this machine, a private
/// network or another special-purpose block (RFC 6890 and its successors, the IANA special-purpose
/// registries), or embeds such an IPv4 address (IPv4-mapped, NAT64 of RFC 6052). All of 6to4 counts as not
/// public.
[[nodiscard]] bool is_public(const ip_bytes& address);

} // namespace breakwater::webhooks

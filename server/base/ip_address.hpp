#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater {

/// An address of either family, IPv4 as the IPv6 address it maps to (RFC 4291 section 2.5.5.2).
using ip_bytes = std::array<std::uint8_t, 16>;

[[nodiscard]] std::optional<ip_bytes> parse_ip(std::string_view text) noexcept;
/// IPv4 in dotted form, also where it is mapped.
[[nodiscard]] std::string format_ip(const ip_bytes& address);

/// Whom limits by address count as one: an IPv4 address, or the /64 of an IPv6 address. A subscriber has a
/// whole /64 at the least (RFC 6177), so single addresses of it would let one machine pass for 2^64.
[[nodiscard]] ip_bytes client_network(const ip_bytes& address) noexcept;
/// The same as text: `192.0.2.1`, `2001:db8:1:2::/64`. What is no address (a scope id, `%eth0`, is left out)
/// stays as it is.
[[nodiscard]] std::string client_network(std::string_view address);

/// The networks that an address lies in, the narrowest first, as text: of an IPv6 address its /64, /56 and
/// /48 (what a home, a site and a company are given, RFC 6177), so that whoever has many /64s is still known
/// as one; of an IPv4 address itself alone. What is no address is returned as it is.
[[nodiscard]] std::vector<std::string> client_networks(std::string_view address);

/// Whether the first `bits` of both are the same; of an IPv4 address count 96 and its own.
[[nodiscard]] bool in_network(const ip_bytes& address, const ip_bytes& network, unsigned bits) noexcept;

/// 127.0.0.0/8 and ::1.
[[nodiscard]] bool is_loopback(const ip_bytes& address) noexcept;

} // namespace breakwater

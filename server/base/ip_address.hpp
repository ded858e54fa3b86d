#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater {

/// An IPv6 address, or an IPv4 address in its IPv4-mapped form (RFC 4291 section 2.5.5.2).
using ip_bytes = std::array<std::uint8_t, 16>;

/// Accepts no scope id (`%eth0`).
[[nodiscard]] std::optional<ip_bytes> parse_ip(std::string_view text);
/// Formats IPv4 and IPv4-mapped addresses in dotted form.
[[nodiscard]] std::string format_ip(const ip_bytes& address);

/// The network that limits by address count as one client: an IPv4 address, or the /64 of an IPv6 address. A
/// subscriber has at least a whole /64 (RFC 6177), so limits by single address would count one machine as
/// 2^64 clients.
[[nodiscard]] ip_bytes client_network(const ip_bytes& address) noexcept;
/// The same as text: `192.0.2.1`, `2001:db8:1:2::/64`. A scope id (`%eth0`) is ignored. A text that is not an
/// address is returned unchanged.
[[nodiscard]] std::string client_network(std::string_view address);

/// The networks that contain an address, as text, the narrowest first: for IPv6 its /64, /56 and /48 (the
/// sizes that a home, a site and a company receive, RFC 6177), so that a client with many /64s is still
/// recognised; for IPv4 only the address itself. A text that is not an address is returned unchanged.
[[nodiscard]] std::vector<std::string> client_networks(std::string_view address);

/// 127.0.0.0/8 and ::1.
[[nodiscard]] bool is_loopback(const ip_bytes& address) noexcept;

} // namespace breakwater

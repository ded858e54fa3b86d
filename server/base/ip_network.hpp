#pragma once

#include "base/ip_address.hpp"

#include <boost/asio/ip/network_v6.hpp>

#include <optional>
#include <string_view>

namespace breakwater {

/// A block of addresses (CIDR, RFC 4632 and RFC 4291 section 2.3). An IPv4 block is the IPv4-mapped IPv6
/// block with a prefix that is 96 bits longer, so `::/0` contains every address and `0.0.0.0/0` every IPv4
/// address.
using ip_network = boost::asio::ip::network_v6;

/// Parses `address/prefix`, or an address, which is a block of one. Ignores address bits after the prefix.
/// Returns nothing for anything else.
[[nodiscard]] std::optional<ip_network> parse_network(std::string_view text);

[[nodiscard]] bool contains(const ip_network& network, const ip_bytes& address) noexcept;

} // namespace breakwater

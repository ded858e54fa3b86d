#include "webhooks/address_guard.hpp"

#include "base/ip_network.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace breakwater::webhooks {

namespace {

/// A constant of this file.
ip_network block(std::string_view text) {
    return parse_network(text).value();
}

bool any_contains(const std::vector<ip_network>& networks, const ip_bytes& address) {
    return std::ranges::any_of(networks,
                               [&](const ip_network& network) { return contains(network, address); });
}

bool is_public_ipv4(const ip_bytes& address) {
    static const std::vector special{
        block("0.0.0.0/8"),       // this network, RFC 791
        block("10.0.0.0/8"),      // private, RFC 1918
        block("100.64.0.0/10"),   // carrier-grade NAT, RFC 6598
        block("127.0.0.0/8"),     // loopback
        block("169.254.0.0/16"),  // link-local, RFC 3927: cloud metadata services with the machine's secrets
        block("172.16.0.0/12"),   // private
        block("192.0.0.0/24"),    // protocol assignments, RFC 6890
        block("192.0.2.0/24"),    // documentation, RFC 5737
        block("192.88.99.0/24"),  // 6to4 relays, RFC 7526
        block("192.168.0.0/16"),  // private
        block("198.18.0.0/15"),   // benchmarks, RFC 2544
        block("198.51.100.0/24"), // documentation
        block("203.0.113.0/24"),  // documentation
        block("224.0.0.0/4"),     // multicast
        block("240.0.0.0/4"),     // reserved, and broadcast
    };
    return !any_contains(special, address);
}

bool is_public_ipv6(const ip_bytes& address) {
    // The only IPv6 block assigned for the Internet. All special blocks (unspecified, loopback, unique local,
    // link-local, site-local, multicast, discard, …) are outside, except those below.
    static const ip_network global_unicast = block("2000::/3");
    static const std::vector special{
        block("2001::/23"),     // protocol assignments, RFC 2928: Teredo, ORCHID, benchmarks
        block("2001:db8::/32"), // documentation, RFC 3849
        block("2002::/16"),     // 6to4, RFC 3056: embeds any IPv4 address
        block("3fff::/20"),     // documentation, RFC 9637
    };
    return contains(global_unicast, address) && !any_contains(special, address);
}

/// The IPv4 address in the last four bytes.
ip_bytes embedded_ipv4(const ip_bytes& address) {
    ip_bytes out{};
    out[10] = out[11] = 0xff;
    std::copy(address.begin() + 12, address.end(), out.begin() + 12);
    return out;
}

} // namespace

bool is_public(const ip_bytes& address) {
    static const ip_network all_ipv4 = block("0.0.0.0/0");
    static const ip_network nat64 = block("64:ff9b::/96"); // an IPv4 address behind a translator, RFC 6052
    if (contains(nat64, address))
        return is_public_ipv4(embedded_ipv4(address));
    return contains(all_ipv4, address) ? is_public_ipv4(address) : is_public_ipv6(address);
}

} // namespace breakwater::webhooks

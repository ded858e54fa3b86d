#include "webhooks/address_guard.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace breakwater::webhooks {

namespace {

struct network {
    ip_bytes first{};
    unsigned bits = 0;
};

constexpr std::size_t four_at = 12; ///< where the bytes of an embedded IPv4 address begin
constexpr unsigned four_bits = 96;

constexpr ip_bytes mapped(std::array<std::uint8_t, 4> four) {
    ip_bytes out{};
    out[10] = out[11] = 0xff;
    std::ranges::copy(four, out.begin() + four_at);
    return out;
}

constexpr network four(std::array<std::uint8_t, 4> first, unsigned bits) {
    return {.first = mapped(first), .bits = four_bits + bits};
}

constexpr network six(std::array<std::uint16_t, 3> groups, unsigned bits) {
    network out{.bits = bits};
    for (std::size_t at = 0; at < groups.size(); ++at) {
        out.first[2 * at] = static_cast<std::uint8_t>(groups[at] >> 8U);
        out.first[2 * at + 1] = static_cast<std::uint8_t>(groups[at] & 0xffU);
    }
    return out;
}

constexpr network all_four = four({0, 0, 0, 0}, 0);
constexpr std::array special_four{
    four({0, 0, 0, 0}, 8),       // this network, RFC 791
    four({10, 0, 0, 0}, 8),      // private, RFC 1918
    four({100, 64, 0, 0}, 10),   // behind a provider's NAT, RFC 6598
    four({127, 0, 0, 0}, 8),     // loopback
    four({169, 254, 0, 0}, 16),  // link-local, RFC 3927: clouds answer their machines' secrets there
    four({172, 16, 0, 0}, 12),   // private
    four({192, 0, 0, 0}, 24),    // protocol assignments, RFC 6890
    four({192, 0, 2, 0}, 24),    // documentation, RFC 5737
    four({192, 88, 99, 0}, 24),  // 6to4 relays, RFC 7526
    four({192, 168, 0, 0}, 16),  // private
    four({198, 18, 0, 0}, 15),   // benchmarks, RFC 2544
    four({198, 51, 100, 0}, 24), // documentation
    four({203, 0, 113, 0}, 24),  // documentation
    four({224, 0, 0, 0}, 4),     // multicast
    four({240, 0, 0, 0}, 4),     // reserved, and broadcast
};

/// Of IPv6 only this part is given out for use in the Internet; all else (unspecified, loopback, unique
/// local, link-local, site-local, multicast, discard, …) is outside.
constexpr network global_unicast = six({0x2000}, 3);
constexpr std::array special_six{
    six({0x2001, 0x0000}, 23), // protocol assignments, RFC 2928: Teredo, ORCHID, benchmarks
    six({0x2001, 0x0db8}, 32), // documentation, RFC 3849
    six({0x2002}, 16),         // 6to4, RFC 3056: any IPv4 address within
    six({0x3fff}, 20),         // documentation, RFC 9637
};
/// 64:ff9b::/96: an IPv4 address, by way of a translator (RFC 6052).
constexpr network nat64 = six({0x0064, 0xff9b}, 96);

bool contains(const network& whole, const ip_bytes& address) noexcept {
    return in_network(address, whole.first, whole.bits);
}

template <std::size_t N>
bool any_contains(const std::array<network, N>& networks, const ip_bytes& address) noexcept {
    return std::ranges::any_of(networks, [&](const network& each) { return contains(each, address); });
}

} // namespace

bool is_public(const ip_bytes& address) noexcept {
    if (contains(nat64, address))
        return is_public(mapped({address[12], address[13], address[14], address[15]}));
    if (contains(all_four, address))
        return !any_contains(special_four, address);
    return contains(global_unicast, address) && !any_contains(special_six, address);
}

} // namespace breakwater::webhooks

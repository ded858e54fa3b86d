#include "base/ip_address.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <initializer_list>

namespace breakwater {

namespace {

namespace ip = boost::asio::ip;

constexpr unsigned char loopback_ipv4_byte = 127;

/// Sets all bits after the prefix to zero.
ip::address_v6 network_of(const ip::address_v6& address, unsigned short prefix_bits) {
    return ip::network_v6{address, prefix_bits}.network();
}

} // namespace

std::optional<ip_bytes> parse_ip(std::string_view text) {
    if (text.contains('%'))
        return std::nullopt;
    boost::system::error_code failure;
    const ip::address address = ip::make_address(text, failure);
    if (failure)
        return std::nullopt;
    return (address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()) : address.to_v6())
        .to_bytes();
}

std::string format_ip(const ip_bytes& address) {
    const ip::address_v6 ipv6{address};
    return ipv6.is_v4_mapped() ? ip::make_address_v4(ip::v4_mapped, ipv6).to_string() : ipv6.to_string();
}

ip_bytes client_network(const ip_bytes& address) noexcept {
    const ip::address_v6 ipv6{address};
    return ipv6.is_v4_mapped() ? address : network_of(ipv6, 64).to_bytes();
}

std::string client_network(std::string_view address) {
    const auto parsed = parse_ip(address.substr(0, address.find('%')));
    if (!parsed)
        return std::string{address};
    return format_ip(client_network(*parsed)) + (ip::address_v6{*parsed}.is_v4_mapped() ? "" : "/64");
}

std::vector<std::string> client_networks(std::string_view address) {
    const auto parsed = parse_ip(address.substr(0, address.find('%')));
    if (!parsed)
        return {std::string{address}};
    const ip::address_v6 ipv6{*parsed};
    if (ipv6.is_v4_mapped())
        return {format_ip(*parsed)};
    std::vector<std::string> networks;
    for (const auto bits : std::initializer_list<unsigned short>{64, 56, 48})
        networks.push_back(ip::network_v6{ipv6, bits}.canonical().to_string());
    return networks;
}

bool is_loopback(const ip_bytes& address) noexcept {
    const ip::address_v6 ipv6{address};
    return ipv6.is_loopback() || (ipv6.is_v4_mapped() && address[12] == loopback_ipv4_byte);
}

} // namespace breakwater

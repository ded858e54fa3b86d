#include "base/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <utility>

namespace breakwater {

namespace {

constexpr std::size_t mapped_bytes = 12;
constexpr std::size_t network_bytes = 8; ///< of a /64
constexpr ip_bytes mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr ip_bytes loopback_six{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

bool is_mapped(const ip_bytes& address) noexcept {
    return std::equal(address.begin(), address.begin() + mapped_bytes, mapped_prefix.begin());
}

} // namespace

std::optional<ip_bytes> parse_ip(std::string_view text) noexcept {
    std::array<char, INET6_ADDRSTRLEN> copy{};
    if (text.size() >= copy.size())
        return std::nullopt;
    std::ranges::copy(text, copy.begin());
    ip_bytes address = mapped_prefix;
    if (inet_pton(AF_INET, copy.data(), address.data() + mapped_bytes) == 1)
        return address;
    if (inet_pton(AF_INET6, copy.data(), address.data()) == 1)
        return address;
    return std::nullopt;
}

std::string format_ip(const ip_bytes& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (is_mapped(address))
        inet_ntop(AF_INET, address.data() + mapped_bytes, text.data(), text.size());
    else
        inet_ntop(AF_INET6, address.data(), text.data(), text.size());
    return text.data();
}

ip_bytes client_network(const ip_bytes& address) noexcept {
    ip_bytes network = address;
    if (!is_mapped(address))
        std::fill(network.begin() + network_bytes, network.end(), std::uint8_t{0});
    return network;
}

std::string client_network(std::string_view address) {
    const auto known = parse_ip(address.substr(0, address.find('%')));
    if (!known)
        return std::string{address};
    return format_ip(client_network(*known)) + (is_mapped(*known) ? "" : "/64");
}

std::vector<std::string> client_networks(std::string_view address) {
    const auto known = parse_ip(address.substr(0, address.find('%')));
    if (!known)
        return {std::string{address}};
    if (is_mapped(*known))
        return {format_ip(*known)};
    std::vector<std::string> networks;
    for (const auto& [bytes, suffix] : {std::pair{8, "/64"}, {7, "/56"}, {6, "/48"}}) {
        ip_bytes network = *known;
        std::fill(network.begin() + bytes, network.end(), std::uint8_t{0});
        networks.push_back(format_ip(network) + suffix);
    }
    return networks;
}

bool in_network(const ip_bytes& address, const ip_bytes& network, unsigned bits) noexcept {
    const std::size_t whole = bits / 8;
    if (!std::equal(address.begin(), address.begin() + static_cast<std::ptrdiff_t>(whole), network.begin()))
        return false;
    const unsigned rest = bits % 8;
    if (rest == 0)
        return true;
    const unsigned mask = 0xffU << (8 - rest) & 0xffU;
    return (address[whole] & mask) == (network[whole] & mask);
}

bool is_loopback(const ip_bytes& address) noexcept {
    return address == loopback_six || (is_mapped(address) && address[mapped_bytes] == 127);
}

} // namespace breakwater

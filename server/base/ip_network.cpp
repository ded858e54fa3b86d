#include "base/ip_network.hpp"

#include <charconv>

namespace breakwater {

namespace {

constexpr unsigned short mapped_bits = 96;

} // namespace

std::optional<ip_network> parse_network(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = parse_ip(text.substr(0, slash));
    if (!address)
        return std::nullopt;
    const bool is_ipv4 = !text.contains(':');
    const unsigned short max_bits = is_ipv4 ? 32 : 128;
    // asio::ip::make_network_v6 reads the prefix with atoi, for which 4294967304 is 8.
    unsigned short bits = max_bits;
    if (slash != std::string_view::npos) {
        const char* const end = text.data() + text.size();
        const auto [stop, failure] = std::from_chars(text.data() + slash + 1, end, bits);
        if (failure != std::errc{} || stop != end || bits > max_bits)
            return std::nullopt;
    }
    const auto prefix_bits = static_cast<unsigned short>(is_ipv4 ? mapped_bits + bits : bits);
    return ip_network{boost::asio::ip::address_v6{*address}, prefix_bits}.canonical();
}

bool contains(const ip_network& network, const ip_bytes& address) noexcept {
    // The range that hosts() returns is empty if it ends at the last address, as that of ff00::/8 does.
    return ip_network{boost::asio::ip::address_v6{address}, network.prefix_length()}.network() ==
           network.network();
}

} // namespace breakwater

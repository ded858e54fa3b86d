#include "load/endpoint.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace breakwater::bench {

namespace {

template <class Address>
void store(endpoint& out, const Address& address) {
    std::memcpy(&out.address, &address, sizeof address);
    out.length = sizeof address;
}

bool set_address(endpoint& out, const std::string& host, std::uint16_t port) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    if (inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
        out.loopback = ntohl(v4.sin_addr.s_addr) >> 24 == 127;
        store(out, v4);
        return true;
    }
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    if (inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) {
        out.loopback = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
        store(out, v6);
        return true;
    }
    return false;
}

} // namespace

std::expected<endpoint, std::string> parse_endpoint(std::string_view url) {
    constexpr std::string_view scheme = "http://";
    if (!url.starts_with(scheme))
        return std::unexpected("The address must begin with http://.");
    url.remove_prefix(scheme.size());
    const std::size_t slash = url.find('/');
    const std::string_view authority = url.substr(0, slash);
    endpoint out;
    out.host = authority;
    out.target = slash == std::string_view::npos ? std::string{"/"} : std::string{url.substr(slash)};

    const bool bracketed = authority.starts_with('[');
    const std::size_t colon = authority.find(':', bracketed ? authority.find(']') : 0);
    std::string host{authority.substr(0, colon)};
    if (bracketed && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    if (host == "localhost")
        host = "127.0.0.1";
    std::uint16_t port = 80;
    if (colon != std::string_view::npos) {
        const std::string_view digits = authority.substr(colon + 1);
        const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
        if (code != std::errc{} || end != digits.data() + digits.size() || port == 0)
            return std::unexpected("The port must be a number from 1 to 65535.");
    }
    for (const char c : out.target)
        if (c <= ' ' || c == 0x7f)
            return std::unexpected("The path must not contain spaces or control characters.");
    if (!set_address(out, host, port))
        return std::unexpected("The host must be an IP address or localhost.");
    return out;
}

std::expected<int, std::string> connect_to(const endpoint& server) {
    const int fd = ::socket(server.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return std::unexpected(std::string{"Can't create a socket: "} + std::strerror(errno));
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&server.address), server.length) != 0) {
        const int reason = errno;
        ::close(fd);
        return std::unexpected("No connection to " + server.host + ": " + std::strerror(reason));
    }
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

std::uint16_t free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return 0;
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof any;
    std::uint16_t port = 0;
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&any), sizeof any) == 0 &&
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&any), &length) == 0)
        port = ntohs(any.sin_port);
    ::close(fd);
    return port;
}

} // namespace breakwater::bench

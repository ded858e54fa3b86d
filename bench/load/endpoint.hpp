#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace breakwater::bench {

/// A server's address, and a target on it.
struct endpoint {
    sockaddr_storage address{};
    socklen_t length = 0;
    std::string host;   ///< value of the Host field, with the port if the URL has one
    std::string target; ///< path and query, never empty
    bool loopback = false;
};

/// Parses `http://host:port/path`, where host is an IP address or `localhost`; host names are not resolved.
/// The error is a sentence.
[[nodiscard]] std::expected<endpoint, std::string> parse_endpoint(std::string_view url);

/// Opens a connected TCP socket with TCP_NODELAY, in blocking mode. The caller owns it. The error is a
/// sentence.
[[nodiscard]] std::expected<int, std::string> connect_to(const endpoint& server);

/// A port of 127.0.0.1 that was free just now; 0 if there is none.
[[nodiscard]] std::uint16_t free_port();

} // namespace breakwater::bench

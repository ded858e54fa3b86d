#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace breakwater::bench {

/// Where the load goes.
struct endpoint {
    sockaddr_storage address{};
    socklen_t length = 0;
    std::string host;   ///< as it stands in the Host field, with the port
    std::string target; ///< path and query, never empty
    bool loopback = false;
};

/// Reads `http://host:port/path`, where host is an address or `localhost`; names are not looked up. The error
/// is a sentence.
[[nodiscard]] std::expected<endpoint, std::string> parse_endpoint(std::string_view url);

/// A connected stream socket with TCP_NODELAY, in blocking mode; or the reason. Owned by the caller.
[[nodiscard]] std::expected<int, std::string> connect_to(const endpoint& to);

/// A port of 127.0.0.1 that nobody listened on a moment ago; 0 where there is none.
[[nodiscard]] std::uint16_t free_port();

} // namespace breakwater::bench

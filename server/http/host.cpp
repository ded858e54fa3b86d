#include "http/host.hpp"

#include "http/characters.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace breakwater::http {

namespace {

constexpr std::size_t max_name_length = 255; // RFC 1035 section 2.3.4

bool is_port(std::string_view text) noexcept {
    unsigned value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + static_cast<unsigned>(c - '0');
        if (value > 65535)
            return false;
    }
    return true;
}

bool is_ipv6(std::string_view text) noexcept {
    std::array<char, INET6_ADDRSTRLEN> copy{};
    if (text.size() >= copy.size())
        return false;
    std::ranges::copy(text, copy.begin());
    in6_addr address{};
    return inet_pton(AF_INET6, copy.data(), &address) == 1;
}

bool is_registered_name(std::string_view text) noexcept {
    if (text.empty() || text.size() > max_name_length)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (text.size() - i < 3 || !is_hex_digit(text[i + 1]) || !is_hex_digit(text[i + 2]))
                return false;
            i += 2;
        } else if (!is_host_character(text[i])) {
            return false;
        }
    }
    return true;
}

} // namespace

bool is_host(std::string_view text) noexcept {
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos || !is_ipv6(text.substr(1, end - 1)))
            return false;
        const std::string_view after = text.substr(end + 1);
        return after.empty() || (after.front() == ':' && is_port(after.substr(1)));
    }
    const std::size_t colon = text.find(':');
    return is_registered_name(text.substr(0, colon)) &&
           (colon == std::string_view::npos || is_port(text.substr(colon + 1)));
}

} // namespace breakwater::http

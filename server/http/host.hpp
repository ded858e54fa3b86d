#pragma once

#include <string_view>

namespace breakwater::http {

/// Whether `text` is a `uri-host [ ":" port ]` (RFC 9110 section 7.2, RFC 3986 section 3.2): a name, an IPv4
/// address or an IPv6 address in brackets. It must not be empty or contain user information, and the port is
/// at most 65535.
[[nodiscard]] bool is_host(std::string_view text) noexcept;

} // namespace breakwater::http

#pragma once

#include <optional>
#include <string_view>

namespace breakwater::http {

/// The unmodified value of the first cookie with that name in a Cookie header (RFC 6265 section 5.4).
[[nodiscard]] std::optional<std::string_view> find_cookie(std::string_view header,
                                                          std::string_view name) noexcept;

} // namespace breakwater::http

#pragma once

#include <optional>
#include <string_view>

namespace breakwater::http {

/// The value of the first cookie of that name in a Cookie header (RFC 6265 section 5.4), as it stands there.
[[nodiscard]] std::optional<std::string_view> find_cookie(std::string_view header,
                                                          std::string_view name) noexcept;

} // namespace breakwater::http

#pragma once

#include <string>
#include <string_view>

namespace breakwater::http {

/// Whether `text` is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// Decodes percent-encoding (RFC 3986 section 2.1) and appends to `out`. False if a `%` is not followed by
/// two hexadecimal digits; `out` is then unchanged.
[[nodiscard]] bool percent_decode(std::string_view text, std::string& out, bool plus_is_space = false);

} // namespace breakwater::http

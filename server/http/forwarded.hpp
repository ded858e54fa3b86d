#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::http {

/// One element of a `Forwarded` list: what one proxy reports about the request.
struct forwarded_element {
    std::optional<std::string> from;  ///< `for`, without the quotes
    std::optional<std::string> proto; ///< as sent
};

/// Parses a `Forwarded` field (RFC 7239 section 4) and appends its elements to `elements`. False if it is
/// malformed or an element repeats a parameter, because a proxy may interpret that differently: for example,
/// an unclosed quote hides the elements that a proxy appended.
[[nodiscard]] bool read_forwarded(std::string_view field, std::vector<forwarded_element>& elements);

} // namespace breakwater::http

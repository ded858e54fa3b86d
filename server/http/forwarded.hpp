#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::http {

/// What one proxy says in `Forwarded` of the request it passed on: an element of the list.
struct forwarded_element {
    std::optional<std::string> from;  ///< `for`, without the quotes
    std::optional<std::string> proto; ///< as sent
};

/// Reads a `Forwarded` field by the grammar of RFC 7239 section 4, and appends its elements to `into`. False
/// where it is malformed or an element says something twice: whoever is in front may have read it otherwise,
/// an open quote swallows what a proxy appended.
[[nodiscard]] bool read_forwarded(std::string_view field, std::vector<forwarded_element>& into);

} // namespace breakwater::http

#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace breakwater::http {

inline constexpr std::size_t max_query_pairs = 64;

/// Parses a query string (without its `?`) as application/x-www-form-urlencoded: pairs separated by `&`,
/// percent-decoded, `+` as a space, in order, with repeated names. A name without `=` has an empty value;
/// empty pairs are skipped. `invalid_input` if a `%` is malformed, if a decoded text is not UTF-8 or contains
/// a NUL, or if there are more than `max_query_pairs`.
[[nodiscard]] result<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query);

} // namespace breakwater::http

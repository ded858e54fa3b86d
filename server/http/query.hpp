#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace breakwater::http {

inline constexpr std::size_t max_query_pairs = 64;

/// Takes a query string (without its `?`) apart as application/x-www-form-urlencoded does: pairs split by
/// `&`, percent-decoded,
/// `+` as space, in order, repeated names kept. A name without `=` has an empty value; empty pairs are
/// skipped. Nothing where a `%` is malformed, a decoded text isn't UTF-8 or holds a NUL, or there are over
/// `max_query_pairs`.
[[nodiscard]] std::optional<std::vector<std::pair<std::string, std::string>>>
parse_query(std::string_view query);

} // namespace breakwater::http

#pragma once

#include "http/message.hpp"
#include "http/route.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace breakwater::http {

/// 422 where an encoded query (without its `?`) has a parameter that isn't known, or can't be read: what is
/// misspelled would have no effect, and nobody would notice. It names those that are unknown, at most eight,
/// and all that are known. Nothing where the query is fine.
[[nodiscard]] std::optional<response> refuse_unknown_parameters(std::string_view query,
                                                                std::span<const parameter> known);

} // namespace breakwater::http

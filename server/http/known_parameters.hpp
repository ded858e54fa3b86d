#pragma once

#include "http/message.hpp"
#include "http/route.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace breakwater::http {

/// Returns 422 if an encoded query (without its `?`) is malformed or has an unknown parameter, because a
/// misspelled parameter would silently have no effect. The response lists up to eight unknown parameters and
/// all known ones. Returns nothing if the query is valid.
[[nodiscard]] std::optional<response> refuse_unknown_parameters(std::string_view query,
                                                                std::span<const parameter_schema> known);

} // namespace breakwater::http

#pragma once

#include "http/message.hpp"

#include <string_view>

namespace breakwater::http {

inline constexpr std::string_view problem_type = "application/problem+json";

/// RFC 9110 section 15; "Unknown" for a status that no part of the server sends.
[[nodiscard]] std::string_view reason_phrase(unsigned status) noexcept;

/// The 500 response. Contains the request id, as every problem document, but no cause.
[[nodiscard]] response internal_failure();

} // namespace breakwater::http

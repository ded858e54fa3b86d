#pragma once

#include <span>
#include <string_view>

namespace breakwater::crypto {

/// The 3,000 most common passwords of at least 8 characters in lower case, sorted bytewise, each once. The
/// build makes them from the list of an npm package.
extern const std::span<const std::string_view> common_passwords;

} // namespace breakwater::crypto

#pragma once

#include <span>
#include <string_view>

namespace breakwater::crypto {

/// The 3,000 most common passwords in lower case, sorted. The build makes it from an npm package's list.
extern const std::span<const std::string_view> common_passwords;

} // namespace breakwater::crypto

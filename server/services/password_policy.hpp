#pragma once

#include "base/result.hpp"

#include <string_view>

namespace breakwater::services {

/// Refuses one of the most common passwords with `invalid_input` (NIST SP 800-63B section 5.1.1.2). Length is
/// the schema's business; there are no composition rules.
[[nodiscard]] result<void> check_new_password(std::string_view password);

} // namespace breakwater::services

#pragma once

#include "base/result.hpp"

#include <string_view>

namespace breakwater::services {

/// The first administrator of a local environment (API contract). Other environments refuse this password at
/// sign-in.
inline constexpr std::string_view demo_admin_email = "admin@example.com";
inline constexpr std::string_view demo_admin_password = "Admin123!";

/// Refuses, with `invalid_input`, a password that is known from breaches (NIST SP 800-63B section 5.1.1.2),
/// is the demo administrator's, is only white space, or repeats one character. The request schema checks the
/// length; there are no composition rules.
[[nodiscard]] result<void> check_new_password(std::string_view password);

} // namespace breakwater::services

#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace breakwater::app {

/// Reads a password for an account: twice and without echo from the terminal, or from standard input without
/// the final line break. It is never an argument, because every user of the machine can read those.
/// `invalid_input` if it is outside the bounds of the API.
[[nodiscard]] result<std::string> read_new_password(std::string_view email, bool from_stdin);

/// Checks the bounds of the API: UTF-8, 8 to 128 characters.
[[nodiscard]] result<void> check_password_text(std::string_view password);

} // namespace breakwater::app

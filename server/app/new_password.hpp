#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace breakwater::app {

/// A password for an account: asked for twice on a terminal, unseen, or all of standard input but one line
/// end. It is never an argument, which everybody on the machine could read. `invalid_input` where it doesn't
/// keep to the API's bounds.
[[nodiscard]] result<std::string> read_new_password(std::string_view email, bool from_stdin);

/// The API's bounds: UTF-8, 8 to 128 characters.
[[nodiscard]] result<void> check_password_text(std::string_view password);

} // namespace breakwater::app

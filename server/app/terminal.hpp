#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace breakwater::app {

/// Text that somebody else chose, for a terminal: controls and the marks that turn the direction of writing
/// are shown as `?`, so that a name can't move the cursor or pass for something else.
[[nodiscard]] std::string printable(std::string_view text);

/// Rows under a head, in columns as wide as they need to be. The last column is not filled up.
[[nodiscard]] std::string as_table(const std::vector<std::vector<std::string>>& rows);

/// Asks on standard error and reads the answer from the terminal, unseen where `secret`. `bad_state` where
/// standard input is no terminal or the answer was broken off.
[[nodiscard]] result<std::string> ask(std::string_view question, bool secret);

} // namespace breakwater::app

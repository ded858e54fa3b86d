#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace breakwater::app {

/// Makes untrusted text safe for a terminal: control characters and bidirectional marks become `?`, so that a
/// name can't move the cursor or look like other text.
[[nodiscard]] std::string printable(std::string_view text);

/// Formats rows as a table; the first row is the header. The last column has no padding.
[[nodiscard]] std::string as_table(const std::vector<std::vector<std::string>>& rows);

/// Prints `prompt` on standard error and reads a line from the terminal, without echo if `secret`.
/// `bad_state` if standard input is not a terminal or the line is incomplete.
[[nodiscard]] result<std::string> read_answer(std::string_view prompt, bool secret);

} // namespace breakwater::app

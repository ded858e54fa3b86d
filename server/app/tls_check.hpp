#pragma once

#include "base/result.hpp"

#include <string>

namespace breakwater::app {

/// Checks that the server can use both files: readable, well-formed and a matching pair. Otherwise
/// `invalid_input`; the text names the settings and the file.
[[nodiscard]] result<void> check_tls(const std::string& certificate_file, const std::string& key_file);

} // namespace breakwater::app

#pragma once

#include "base/result.hpp"

#include <string>

namespace breakwater::app {

/// Whether the server would take these two files: readable, well-formed, and belonging together. Else
/// `invalid_input` in a sentence that names the settings and the file.
[[nodiscard]] result<void> check_tls(const std::string& certificate_file, const std::string& key_file);

} // namespace breakwater::app

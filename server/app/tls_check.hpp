#pragma once

#include "base/result.hpp"

#include <string>

namespace breakwater::app {

/// Whether the server would take these two files: readable, well-formed, and belonging together.
[[nodiscard]] result<void> check_tls(const std::string& certificate_file, const std::string& key_file);

} // namespace breakwater::app

#pragma once

#include "app/config.hpp"

namespace breakwater::app {

/// Runs the server until SIGTERM or SIGINT; the exit code of the process.
int serve(const config& chosen);

} // namespace breakwater::app

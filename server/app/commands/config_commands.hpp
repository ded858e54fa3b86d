#pragma once

namespace breakwater::app {

/// Shows the configuration of the current folder and environment. Returns the exit code: 2 if the server
/// would refuse to start.
int check_config();

} // namespace breakwater::app

#pragma once

namespace breakwater::app {

/// Shows the configuration of the current folder and environment. The process's exit code: 1 where the server
/// would refuse it.
int check_config();

} // namespace breakwater::app

#pragma once

namespace breakwater::app {

/// Reads the command line, does what it says, and gives the exit code of the process: 0 done, 1 failed, 2 the
/// command line or the configuration can't be used.
int run_command_line(int argc, const char* const* argv);

} // namespace breakwater::app

#pragma once

namespace breakwater::app {

/// Parses the command line, runs the command and returns the exit code of the process: 0 success, 1 failure,
/// 2 invalid command line or configuration.
int run_command_line(int argc, const char* const* argv);

} // namespace breakwater::app

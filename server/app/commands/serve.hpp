#pragma once

#include "app/config.hpp"

#include <string>

namespace breakwater::app {

/// Runs the server until SIGTERM or SIGINT. Starts it again, in the same process, when the database must be
/// opened anew (`database::must_reopen`). Returns the exit code.
int serve(const config& settings);

struct serve_options {
    std::string host; ///< empty: the setting HOST
    std::string port; ///< empty: the setting PORT
};
/// Loads the configuration of the current folder and environment, starts the log and runs the server.
int serve_command(const serve_options& options);

} // namespace breakwater::app

#pragma once

#include "app/config.hpp"

#include <string>

namespace breakwater::app {

/// Runs the server until SIGTERM or SIGINT; the exit code of the process.
int serve(const config& chosen);

struct serve_options {
    std::string host; ///< empty: HOST
    std::string port; ///< empty: PORT
};
/// The same with the configuration of the current folder and environment, and its log.
int serve_command(const serve_options& chosen);

} // namespace breakwater::app

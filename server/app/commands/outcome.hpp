#pragma once

#include "app/config.hpp"
#include "app/core.hpp"

#include <functional>
#include <string_view>

namespace breakwater::app {

// The exit codes of every command.
inline constexpr int exit_success = 0;
inline constexpr int exit_failure = 1; ///< the command failed
inline constexpr int exit_usage = 2;   ///< invalid command line or configuration

/// Prints the error on standard error and returns `code`.
int refuse(const error& failure, int code = exit_failure);
/// Prints a remark on standard error, so that standard output contains only the result.
void remark(std::string_view text);

/// Loads the settings from the environment and from .env in the current folder, then runs `command`. Invalid
/// settings are all reported and return `exit_usage`.
int with_config(const std::function<int(const config&)>& command);

/// The same for a server. `overrides` take precedence over the environment. Also checks the keys and the
/// certificate files.
int with_server_config(const std::function<int(const config&)>& command, const variables& overrides);

/// Prints why the database could not be opened, and returns the exit code.
int refuse_database(const config& settings, error failure, bool read_only);

/// Loads the settings, opens the database and runs `command`. With `read_only` a server may be running; else
/// it must be stopped.
int with_core(bool read_only, const std::function<int(core&)>& command);

/// The account with this e-mail address. Errors: `not_found`; `invalid_input` if it is not an e-mail address.
[[nodiscard]] result<user> account_of(core& parts, std::string_view email);

} // namespace breakwater::app

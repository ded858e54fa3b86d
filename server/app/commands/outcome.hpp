#pragma once

#include "app/config.hpp"
#include "app/core.hpp"

#include <functional>
#include <string_view>

namespace breakwater::app {

// The exit codes of every command.
inline constexpr int exit_success = 0;
inline constexpr int exit_failure = 1; ///< it was understood and could not be done
inline constexpr int exit_usage = 2;   ///< the command line or the configuration can't be used

/// Says why on standard error, and gives the exit code that goes with it.
int refuse(const error& why, int code = exit_failure);
/// A remark beside the answer: on standard error, so that the answer can be piped.
void remark(std::string_view text);

/// Reads .env (of the current folder) and the environment, which wins; then runs `command`. Settings that
/// can't be read are all told, and are `exit_usage`.
int with_config(const std::function<int(const config&)>& command);

/// The same for a server, where `overrides` win over both: its keys and certificate files are checked too,
/// and everything that is wrong is told at once.
int with_server_config(const std::function<int(const config&)>& command, const variables& overrides);

/// Says why the database didn't open, and gives the exit code that goes with it.
int refuse_database(const config& chosen, error why, bool read_only);

/// The same with the database open: to change it, which needs it alone, or to read it, which goes beside a
/// running server.
int with_core(bool read_only, const std::function<int(core&)>& command);

/// The account of an address: `not_found` with a sentence, `invalid_input` where it is no address.
[[nodiscard]] result<user> account_of(core& parts, std::string_view email);

} // namespace breakwater::app

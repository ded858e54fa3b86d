#pragma once

#include "base/result.hpp"

#include <string>

namespace breakwater::storage::postgres {

/// What must be known about a connection string before libpq uses it.
struct connection_string {
    std::string password; ///< must not reach the log; empty: the string has none
    std::string shown;    ///< as a URL, with asterisks in the place of passwords
    /// The string doesn't set `sslmode`, and a host may be another machine.
    bool needs_tls = false;
    /// A host may be another machine, and `sslmode` doesn't demand that its certificate is verified.
    bool trusts_any_server = false;
};

/// `invalid_input` if libpq can't parse the string, or would take a part of the password for something else.
/// The error says nothing of the string, because libpq's own messages quote it.
[[nodiscard]] result<connection_string> parse_connection_string(const std::string& text);

/// The message with asterisks in the place of the password.
[[nodiscard]] std::string without_password(std::string message, const connection_string& from);

} // namespace breakwater::storage::postgres

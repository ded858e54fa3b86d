#pragma once

#include <string>

namespace breakwater::app {

struct init_options {
    std::string admin; ///< the e-mail address of the first administrator
    std::string host = "127.0.0.1";
    std::string port = "8000";
    std::string tls_certificate_file;
    std::string tls_key_file;
    bool password_stdin = false;
};

/// Writes a configuration for production to `.env` (mode 0600), which must not exist yet: new keys, no demo,
/// no simulation, no CORS origins. Then reads the password and creates the database with its first
/// administrator. Returns the exit code.
int init(const init_options& options);

} // namespace breakwater::app

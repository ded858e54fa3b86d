#pragma once

#include <string>

namespace breakwater::app {

struct init_options {
    std::string admin; ///< the first administrator's address
    std::string host = "127.0.0.1";
    std::string port = "8000";
    std::string tls_certificate_file;
    std::string tls_key_file;
    bool password_stdin = false;
};

/// Writes a configuration for production into `.env` (mode 0600), which must not be there yet: new keys, no
/// demo, no simulation, no foreign origins. Then makes the database with its first administrator, whose
/// password is asked for. Returns the exit code.
int init(const init_options& chosen);

} // namespace breakwater::app

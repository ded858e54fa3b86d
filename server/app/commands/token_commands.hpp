#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace breakwater::app {

// Looking into tokens. Each gives the process's exit code. A token is an argument, or `-` for standard input:
// arguments can be read by everybody on the machine.

int inspect_token_command(const std::string& token);

enum class token_kind : std::uint8_t { access, refresh, device };

struct verify_token_options {
    std::string token;
    std::optional<token_kind> kind{}; ///< with the server's key, issuer and audience of that kind
    std::string jwk_file{};           ///< else with this key
    std::string issuer{};             ///< beside a JWK: demanded where not empty
    std::string audience{};
};
int verify_token_command(const verify_token_options& chosen);

} // namespace breakwater::app

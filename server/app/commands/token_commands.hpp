#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace breakwater::app {

// Commands for tokens. They return the exit code. A token is an argument, or `-` for standard input, because
// every user of the machine can read arguments.

int inspect_token_command(const std::string& token);

enum class token_kind : std::uint8_t { access, refresh, device };

struct verify_token_options {
    std::string token;
    std::optional<token_kind> kind{}; ///< verify with the server's key, issuer and audience for this kind
    std::string jwk_file{};           ///< verify with this key instead
    std::string issuer{};             ///< required with a JWK; empty: not checked
    std::string audience{};
};
int verify_token_command(const verify_token_options& options);

} // namespace breakwater::app

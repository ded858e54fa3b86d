#pragma once

#include "app/config.hpp"
#include "base/random.hpp"
#include "services/token_service.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::app {

/// What becomes of a key that a local environment doesn't set.
enum class missing_keys : std::uint8_t {
    make,   ///< it is generated once and kept in `token-keys.json` beside the database (mode 0600)
    invent, ///< it is generated and forgotten: for checking a configuration
    refuse, ///< it must be in that file already: for checking a token
};

/// `token-keys.json`, beside the database.
[[nodiscard]] std::filesystem::path key_file_of(const config& chosen);

/// What must hold of the three keys before the first token is made, and doesn't: a sentence each, with the
/// setting's name. Reads no file.
[[nodiscard]] std::vector<std::string> key_problems(const config& chosen);

/// Whether a secret for HS* repeats itself or is a placeholder (`key_strength`). Never of ES256 and EdDSA.
[[nodiscard]] bool is_weak_secret(crypto::jws_algorithm algorithm, std::string_view text);

/// The three keys and what goes with them. A key that is set is used; in a local environment a missing one
/// comes from the key file, so that no two installs share one. Elsewhere a missing, short, weak or shared key
/// is `invalid_input`, with all `key_problems`.
[[nodiscard]] result<services::token_settings> load_tokens(const config& chosen, random_source& random,
                                                           missing_keys missing = missing_keys::make);

} // namespace breakwater::app

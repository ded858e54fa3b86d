#pragma once

#include "app/config.hpp"
#include "base/random.hpp"
#include "identity/token_service.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace breakwater::app {

/// How `load_tokens` handles keys that are not set in a local environment.
enum class missing_keys : std::uint8_t {
    create,    ///< generate them once and store them in `token-keys.json` beside the database (mode 0600)
    temporary, ///< generate but do not store them: to check a configuration
    refuse,    ///< require them in that file: to verify a token
};

/// The path of `token-keys.json`, beside a SQLite database, else in `./data`.
[[nodiscard]] std::filesystem::path key_file_of(const config& settings);

/// The problems of the three keys, one sentence each with the name of the setting. Reads no file.
[[nodiscard]] std::vector<std::string> key_problems(const config& settings);

/// Whether a secret for HS* is repetitive or a placeholder (see `key_strength`). Always false for ES256 and
/// EdDSA.
[[nodiscard]] bool is_weak_secret(crypto::jws_algorithm algorithm, std::string_view text);

/// Loads the three keys and the other token settings. In a local environment the keys that are not set come
/// from the key file, so that every installation has its own. In other environments a missing, short, weak or
/// shared key is `invalid_input` with all `key_problems`.
[[nodiscard]] result<identity::token_settings> load_tokens(const config& settings, random_source& random,
                                                           missing_keys missing = missing_keys::create);

} // namespace breakwater::app

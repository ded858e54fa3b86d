#pragma once

#include "app/config.hpp"
#include "base/random.hpp"
#include "services/token_service.hpp"

#include <cstdint>

namespace breakwater::app {

/// What becomes of a key that a local environment doesn't set.
enum class missing_keys : std::uint8_t {
    make,   ///< it is generated once and kept in `token-keys.json` beside the database (mode 0600)
    invent, ///< it is generated and forgotten: for checking a configuration
    refuse, ///< it must be in that file already: for checking a token
};

/// The three keys and what goes with them. A key that is set is used; in a local environment a missing one
/// comes from the key file, so that no two installs share one. Elsewhere a missing, short or shared key is
/// `invalid_input`, in words that say of all three what to set.
[[nodiscard]] result<services::token_settings> load_tokens(const config& chosen, random_source& random,
                                                           missing_keys missing = missing_keys::make);

} // namespace breakwater::app

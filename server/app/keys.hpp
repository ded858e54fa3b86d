#pragma once

#include "app/config.hpp"
#include "base/random.hpp"
#include "services/token_service.hpp"

namespace breakwater::app {

/// The three keys and what goes with them. A key that is set is used; in a local environment a missing one is
/// generated once into `token-keys.json` beside the database (mode 0600), so that no two installs share one.
/// Elsewhere a missing, short or shared key is `invalid_input`, in words that say what to set.
[[nodiscard]] result<services::token_settings> load_tokens(const config& chosen, random_source& random);

} // namespace breakwater::app

#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace breakwater {

using credential_id = std::int64_t;

/// How a credential is checked. The numbers are stored.
enum class credential_kind : std::uint8_t {
    device_secret = 0 ///< the verifier is crypt(5) text
};

/// Whom a credential identifies.
using credential_subject = std::variant<device_id, user_id>;

/// Something by which a device or a person proves its identity, such as a secret. The server stores only a
/// verifier, and nobody can compute the secret from the verifier.
struct credential {
    credential_id id = 0; ///< set by the store
    credential_subject subject{};
    credential_kind kind = credential_kind::device_secret;
    std::string verifier{};                ///< never leaves the server
    std::string scopes{};                  ///< separated by spaces; empty: everything that the subject may do
    std::optional<timestamp> created_at{}; ///< empty: an older version created it
    std::optional<timestamp> expires_at{}; ///< empty: never
    std::optional<timestamp> last_used_at{}; ///< at most an hour late; empty: never

    [[nodiscard]] bool has_expired(timestamp now) const noexcept { return expires_at && *expires_at <= now; }
};

} // namespace breakwater

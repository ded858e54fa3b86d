#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/random.hpp"
#include "crypto/digest.hpp"
#include "domain/user.hpp"
#include "registry/user_registry.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::identity {

/// A client that has signed in to that account before.
struct known_client {
    user_id user = 0;
    uuid id{}; ///< of the browser or program, drawn at its first sign-in
};

/// Issues and checks the cookie by which the server recognises a client at its next sign-in (OWASP's "device
/// cookie", decision 0018). It contains the account's number and session version, the client's id and the
/// time, and an HMAC-SHA256 over these and the account's e-mail address. The server stores nothing. The
/// cookie ends when the session version changes: with a new password or role, when an administrator disables
/// the account, or when the person signs out everywhere. A new e-mail address also ends it. Immutable except
/// for the random source; any thread may call.
class device_cookies {
public:
    static constexpr std::chrono::days lifetime{365}; ///< from the last sign-in

    device_cookies(const crypto::sha256_digest& key, const registry::user_registry& users, const clock& time,
                   random_source& random)
        : key_{key}, users_{users}, clock_{time}, random_{random} {}

    /// URL-safe base64. A known `client` keeps its id; a new one gets one.
    [[nodiscard]] std::string issue(const user& account, const std::optional<known_client>& client) const;
    /// REQUIRES: `email` is normalised. Empty if the cookie belongs to another account, is forged, is too
    /// old, or has ended.
    [[nodiscard]] std::optional<known_client> verify(std::string_view cookie, std::string_view email) const;

private:
    const crypto::sha256_digest key_;
    const registry::user_registry& users_;
    const clock& clock_;
    random_source& random_;
};

} // namespace breakwater::identity

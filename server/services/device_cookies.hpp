#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/random.hpp"
#include "crypto/digest.hpp"
#include "domain/user.hpp"
#include "storage/user_registry.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::services {

/// Somebody who has signed in to that account from there before.
struct known_client {
    user_id user = 0;
    uuid id{}; ///< of the browser or program, as it was drawn at its first sign-in
};

/// Makes and checks what a client shows to be known at its next sign-in (OWASP's "device cookie", decision
/// 0018): the account's number and session version, the client's id and the time, with an HMAC-SHA256 over
/// these and the account's address. Nothing of it is stored. It ends with the session version: a new password
/// or role, or signing out everywhere. Immutable but for the randomness it draws; any thread may call.
class device_cookies {
public:
    static constexpr std::chrono::days lifetime{365}; ///< from the last sign-in on

    device_cookies(const crypto::sha256_digest& key, const storage::user_registry& users, const clock& time,
                   random_source& random)
        : key_{key}, users_{users}, clock_{time}, random_{random} {}

    /// URL-safe base64. `client`: whom it was shown by, who keeps its id.
    [[nodiscard]] std::string issue(const user& to, const std::optional<known_client>& client) const;
    /// `email` normalised: nothing where the cookie is another account's, forged, too old or has ended.
    [[nodiscard]] std::optional<known_client> verify(std::string_view cookie, std::string_view email) const;

private:
    const crypto::sha256_digest key_;
    const storage::user_registry& users_;
    const clock& clock_;
    random_source& random_;
};

} // namespace breakwater::services

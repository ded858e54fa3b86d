#pragma once

#include "base/result.hpp"
#include "domain/security_event.hpp"
#include "identity/principal.hpp"
#include "identity/token_service.hpp"
#include "registry/device_registry.hpp"
#include "registry/user_registry.hpp"

#include <string_view>
#include <variant>

namespace breakwater::identity {

/// A person's access token (contract).
struct access_token {
    std::string_view text;
};

/// A device token (contract).
struct device_token {
    std::string_view text;
};

/// What a caller shows to prove who it is, with each request. Passwords, device secrets and refresh tokens
/// are no such evidence: `services::auth_service` exchanges them for tokens.
using evidence = std::variant<access_token, device_token>;

/// Turns evidence into a principal. Every protocol asks it. Reads memory only. Any thread may call.
class authenticator {
public:
    authenticator(const token_service& tokens, const registry::user_registry& users,
                  const registry::device_registry& devices)
        : tokens_{tokens}, users_{users}, devices_{devices} {}

    /// `unauthenticated` if the evidence proves nothing, or no longer; `forbidden` for a blocked device with
    /// a genuine token, which learns why it is refused.
    [[nodiscard]] result<principal> authenticate(const evidence& shown) const;

    /// Whether the evidence that made this principal is still valid: a new session or token version, or a
    /// deletion, ends it. `unauthenticated` if not.
    [[nodiscard]] result<void> still_valid(const principal& who) const;

    /// Sets the holder of a genuine token, even an expired one, as the actor of the refusal.
    void attribute(security_event& refusal, std::string_view token) const;

private:
    [[nodiscard]] result<principal> person(std::string_view token) const;
    [[nodiscard]] result<principal> device(std::string_view token) const;

    const token_service& tokens_;
    const registry::user_registry& users_;
    const registry::device_registry& devices_;
};

} // namespace breakwater::identity

#pragma once

#include "base/result.hpp"
#include "domain/security_event.hpp"
#include "identity/live_tickets.hpp"
#include "identity/principal.hpp"
#include "identity/token_service.hpp"
#include "registry/device_registry.hpp"
#include "registry/user_registry.hpp"
#include "storage/catalogue.hpp"

#include <string_view>
#include <variant>

namespace breakwater::identity {

/// A person's access token.
struct access_token {
    std::string_view text;
};

/// A device token.
struct device_token {
    std::string_view text;
};

/// What a caller sends with each request to prove its identity. Passwords, device secrets and refresh tokens
/// are not evidence: `services::auth_service` exchanges them for tokens. One-time tickets are not evidence
/// either: `redeem` consumes them.
using evidence = std::variant<access_token, device_token>;

/// Turns evidence and tickets into a principal. All protocols use it. Reads memory only, except for tickets.
/// Any thread may call.
class authenticator {
public:
    authenticator(const storage::catalogue& store, const token_service& tokens, live_tickets& tickets,
                  const registry::user_registry& users, const registry::device_registry& devices)
        : store_{store}, tokens_{tokens}, tickets_{tickets}, users_{users}, devices_{devices} {}

    /// `unauthenticated` if the token is invalid, has expired or was revoked, or if the device is simulated
    /// (its next sign-in makes it real). `forbidden` if a blocked device shows a genuine token that has not
    /// expired, so that the device learns the reason. `storage_unavailable` while the registries may lack
    /// changes of other processes.
    [[nodiscard]] result<principal> authenticate(const evidence& shown) const;

    /// Consumes a ticket for a live connection, and calls `done` as `live_tickets::redeem` does. The
    /// principal may have lost its rights since the ticket was issued (`still_valid`). `storage_unavailable`
    /// as for `authenticate`.
    void redeem(std::string_view ticket, live_tickets::completion done) const;

    /// `unauthenticated` if the account or device of the principal was deleted, or if the stored session or
    /// token version differs from the principal's. Always succeeds for `anonymous` and `system`. Does not
    /// check `principal::expires_at`.
    [[nodiscard]] result<void> still_valid(const principal& who) const;

    /// Sets the holder of a genuine token, even an expired one, as the actor and as a target of the refusal.
    void attribute(security_event& refusal, std::string_view token) const;

private:
    [[nodiscard]] result<principal> person(std::string_view token) const;
    [[nodiscard]] result<principal> device(std::string_view token) const;

    const storage::catalogue& store_;
    const token_service& tokens_;
    live_tickets& tickets_;
    const registry::user_registry& users_;
    const registry::device_registry& devices_;
};

} // namespace breakwater::identity

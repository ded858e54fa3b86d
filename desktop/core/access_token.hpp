#pragma once

#include <QString>

namespace breakwater::desktop {

/// The claims of an access token. The client uses them only to show or hide controls; the server checks
/// permissions.
struct TokenClaims {
    qint64 userId = 0;
    bool administrator = false;
};

/// Does not verify the signature. Returns empty claims if the token can't be parsed.
TokenClaims claimsOf(const QString& token);

} // namespace breakwater::desktop

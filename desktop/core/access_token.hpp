#pragma once

#include <QString>

namespace breakwater::desktop {

/// What an access token says of its bearer. Only to show and to hide things by: the server decides.
struct TokenClaims {
    qint64 userId = 0;
    bool administrator = false;
};

/// Nothing is verified. Empty claims where the token can't be read.
TokenClaims claimsOf(const QString& token);

} // namespace breakwater::desktop

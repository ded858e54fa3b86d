#pragma once

#include "core/token_vault.hpp"

namespace breakwater::desktop {

/// Stores refresh tokens in the keyring of the desktop. Stores nothing when there is no keyring.
class KeyringVault : public TokenVault {
    Q_OBJECT
public:
    using TokenVault::TokenVault;

    void load(const QString& account, QObject* context, std::function<void(QString)> done) override;
    void store(const QString& account, const QString& token) override;
    void remove(const QString& account) override;
};

} // namespace breakwater::desktop

#pragma once

#include <QObject>
#include <QString>

#include <functional>

namespace breakwater::desktop {

/// Where a refresh token outlives the program. Everything may fail without harm: then people sign in again.
class TokenVault : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// Calls `done` with the token of that account, later; with an empty one where there is none.
    virtual void load(const QString& account, QObject* context, std::function<void(QString)> done) = 0;
    virtual void store(const QString& account, const QString& token) = 0;
    virtual void remove(const QString& account) = 0;

Q_SIGNALS:
    /// Whether what was stored is kept; told with the first answer of a keyring.
    void availabilityKnown(bool available);
};

/// Keeps nothing.
class NoVault : public TokenVault {
    Q_OBJECT
public:
    using TokenVault::TokenVault;

    void load(const QString&, QObject* context, std::function<void(QString)> done) override {
        QMetaObject::invokeMethod(context, [done = std::move(done)] { done({}); }, Qt::QueuedConnection);
    }
    void store(const QString&, const QString&) override { Q_EMIT availabilityKnown(false); }
    void remove(const QString&) override {}
};

} // namespace breakwater::desktop

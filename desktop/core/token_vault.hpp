#pragma once

#include <QObject>
#include <QString>

#include <functional>

namespace breakwater::desktop {

/// Persistent storage for refresh tokens. Any operation may fail; the user then has to sign in again.
class TokenVault : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// Calls `done` asynchronously with the token of the account, or with an empty string if there is none.
    virtual void load(const QString& account, QObject* context, std::function<void(QString)> done) = 0;
    virtual void store(const QString& account, const QString& token) = 0;
    virtual void remove(const QString& account) = 0;

Q_SIGNALS:
    /// Emitted after each `store`: whether the token was saved.
    void availabilityKnown(bool available);
};

/// Stores nothing.
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

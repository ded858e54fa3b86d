#pragma once

#include "core/access_token.hpp"
#include "core/api_client.hpp"
#include "core/token_vault.hpp"
#include "core/types.hpp"

#include <QDeadlineTimer>
#include <QPointer>
#include <QTimer>

#include <functional>
#include <memory>
#include <vector>

namespace breakwater::desktop {

/// Where it is kept that this program has signed in to an account before, so that the server knows it at the
/// next sign-in, and lets it in while somebody else guesses at that account. It lets nobody in by itself.
struct DeviceCookies {
    std::function<QString(const QString& account)> find = [](const QString&) { return QString{}; };
    std::function<void(const QString& account, const QString& cookie)> keep = [](const QString&,
                                                                                 const QString&) {};
};

/// A person's sign-in at a server: adds the access token to calls, and renews it before it expires and where
/// a call is told that it has. However many calls are told so at once, it is renewed once; they wait for it.
class Session : public QObject {
    Q_OBJECT
public:
    enum class State {
        SignedOut,
        SigningIn,
        SignedIn,
        Ended, ///< expired or revoked: the same person has to sign in again; what was fetched still stands
    };
    Q_ENUM(State)

    explicit Session(TokenVault& vault, DeviceCookies cookies = {}, QObject* parent = nullptr);

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] QUrl server() const { return m_client.server(); }
    [[nodiscard]] QString email() const { return m_email; }
    [[nodiscard]] TokenClaims who() const { return m_claims; }
    [[nodiscard]] ApiClient& client() { return m_client; }

    void setServer(const QUrl& server);

    /// `remember`: the refresh token goes into the vault.
    void signIn(const QString& email, const QString& password, bool remember, QObject* context,
                Done<void> done);
    /// Makes an account, and signs in.
    void registerAccount(const QString& email, const QString& password, bool remember, QObject* context,
                         Done<void> done);
    /// Goes on with what the vault has. An error of status 0 that isn't `unreachable`: it has nothing.
    void resume(const QString& email, QObject* context, Done<void> done);
    /// Tells the server, and forgets.
    void signOut();

    /// As ApiClient::send, signed in.
    void send(const Request& request, QObject* context, Done<Response> done);
    /// Renews the access token now. What holds a connection of its own calls this when it is told to.
    void renew();

Q_SIGNALS:
    void stateChanged(breakwater::desktop::Session::State state);
    /// A new access token, of the same sign-in.
    void renewed(const QString& accessToken);

private:
    struct Waiting {
        Request request;
        QPointer<QObject> context;
        Done<Response> done;
    };

    void setState(State state);
    void take(const TokenPair& tokens);
    void forget();
    void authenticate(const QString& path, const QJsonObject& body, QObject* context, Done<TokenPair> done);
    void sendOnce(const Waiting& call, bool again);
    void renewalEnded(const Answer<TokenPair>& answer);
    void flush(const ApiError* error);
    [[nodiscard]] QString account() const { return accountOf(m_email); }
    [[nodiscard]] QString accountOf(const QString& email) const;
    static ApiError endedError();

    ApiClient m_client;
    TokenVault& m_vault;
    DeviceCookies m_cookies;
    State m_state = State::SignedOut;
    QString m_email;
    QString m_access;
    QString m_refresh;
    TokenClaims m_claims;
    QDeadlineTimer m_expiry{QDeadlineTimer::Forever};
    QTimer m_renewal;
    bool m_remember = false;
    std::unique_ptr<QObject>
        m_renewing; ///< while the refresh token is being exchanged; ends with the sign-in
    std::vector<Waiting> m_waiting;
};

} // namespace breakwater::desktop

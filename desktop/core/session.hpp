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

/// Stores the device cookie of each account. The server sends it at sign-in. With the cookie of an earlier
/// sign-in, the client may sign in even while the server throttles other clients that guess the password of
/// the account. The cookie alone does not sign anybody in.
struct DeviceCookies {
    std::function<QString(const QString& account)> find = [](const QString&) { return QString{}; };
    std::function<void(const QString& account, const QString& cookie)> store = [](const QString&,
                                                                                  const QString&) {};
};

/// A user's session at one server. Adds the access token to calls. Renews the token before it expires, and
/// when the server answers a call with 401. Calls that fail at the same time share one renewal and wait for
/// it.
class Session : public QObject {
    Q_OBJECT
public:
    enum class State {
        SignedOut,
        SigningIn,
        SignedIn,
        Ended, ///< expired or revoked: the same user has to sign in again; fetched data stays valid
    };
    Q_ENUM(State)

    explicit Session(TokenVault& vault, DeviceCookies cookies = {}, QObject* parent = nullptr);

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] QUrl server() const { return m_client.server(); }
    [[nodiscard]] QString email() const { return m_email; }
    [[nodiscard]] TokenClaims claims() const { return m_claims; }
    [[nodiscard]] ApiClient& client() { return m_client; }

    void setServer(const QUrl& server);

    /// `remember`: stores the refresh token in the vault.
    void signIn(const QString& email, const QString& password, bool remember, QObject* context,
                Done<void> done);
    /// Creates an account, then signs in.
    void registerAccount(const QString& email, const QString& password, bool remember, QObject* context,
                         Done<void> done);
    /// Signs in with the refresh token in the vault. Fails with status 0 and `unreachable` false when the
    /// vault has none.
    void resume(const QString& email, QObject* context, Done<void> done);
    /// Revokes the refresh token at the server and deletes all tokens here.
    void signOut();

    /// Like ApiClient::send, with the access token.
    void send(const Request& request, QObject* context, Done<Response> done);
    /// Renews the access token now. A component with its own connection calls this when the server refuses
    /// its token.
    void renew();

Q_SIGNALS:
    void stateChanged(breakwater::desktop::Session::State state);
    /// The session has a new access token.
    void renewed(const QString& accessToken);

private:
    struct PendingCall {
        Request request;
        QPointer<QObject> context;
        Done<Response> done;
    };

    void setState(State state);
    void applyTokens(const TokenPair& tokens);
    void clearTokens();
    void authenticate(const QString& path, const QJsonObject& body, QObject* context, Done<TokenPair> done);
    void sendOnce(const PendingCall& call, bool isRetry);
    void finishRenewal(const Answer<TokenPair>& answer);
    void flushPendingCalls(const ApiError* error);
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
    /// Context of the renewal call; null when no renewal is running.
    std::unique_ptr<QObject> m_renewing;
    std::vector<PendingCall> m_pendingCalls;
};

} // namespace breakwater::desktop

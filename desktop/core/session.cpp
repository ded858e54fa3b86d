#include "core/session.hpp"

#include "core/parse.hpp"
#include "core/requests.hpp"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

constexpr qint64 maxRenewalMargin = 60'000;  // milliseconds
constexpr int renewalRetryInterval = 10'000; // milliseconds

/// How long before its expiry a token is renewed, in milliseconds: a fifth of its lifetime, at most a minute.
qint64 renewalMargin(qint64 lifetime) {
    return std::min(maxRenewalMargin, lifetime / 5);
}

} // namespace

Session::Session(TokenVault& vault, DeviceCookies cookies, QObject* parent)
    : QObject{parent}, m_client{this}, m_vault{vault}, m_cookies{std::move(cookies)} {
    m_renewal.setSingleShot(true);
    connect(&m_renewal, &QTimer::timeout, this, &Session::renew);
}

void Session::setServer(const QUrl& server) {
    if (server != m_client.server() && m_state != State::SignedOut)
        signOut();
    m_client.setServer(server);
}

QString Session::accountOf(const QString& email) const {
    return server().toString() + u' ' + email;
}

ApiError Session::endedError() {
    return {.status = 401, .detail = tr("Your session has ended. Please sign in again.")};
}

void Session::setState(State state) {
    if (m_state == state)
        return;
    m_state = state;
    Q_EMIT stateChanged(state);
}

void Session::authenticate(const QString& path, const QJsonObject& body, QObject* context,
                           Done<TokenPair> done) {
    m_client.send({.method = "POST", .path = path, .body = body}, {}, context,
                  [done = std::move(done)](Answer<Response> answer) {
                      if (!answer)
                          return done(std::unexpected(answer.error()));
                      done(parseOne(parseJson(answer->body), readModel<messages::readTokenPair>));
                  });
}

void Session::signIn(const QString& email, const QString& password, bool remember, QObject* context,
                     Done<void> done) {
    const State previousState = m_state == State::Ended ? State::Ended : State::SignedOut;
    setState(State::SigningIn);
    const auto finish = [this, email, remember, previousState, context = QPointer{context},
                         done = std::move(done)](Answer<TokenPair> answer) {
        if (answer) {
            m_email = email;
            m_remember = remember;
            if (!answer->deviceCookie.isEmpty())
                m_cookies.store(account(), answer->deviceCookie);
            applyTokens(*answer);
            setState(State::SignedIn);
        } else {
            setState(previousState);
        }
        if (context)
            done(answer ? Answer<void>{} : std::unexpected(answer.error()));
    };
    messages::LoginRequest request{.email = email, .password = password};
    if (const QString cookie = m_cookies.find(accountOf(email)); !cookie.isEmpty())
        request.deviceCookie = cookie;
    authenticate(u"/auth/login"_s, toJson(request), this, finish);
}

void Session::registerAccount(const QString& email, const QString& password, bool remember, QObject* context,
                              Done<void> done) {
    const messages::RegisterRequest request{.email = email, .password = password};
    m_client.send({.method = "POST", .path = u"/auth/register"_s, .body = toJson(request)}, {}, context,
                  [=, this, done = std::move(done)](const Answer<Response>& answer) {
                      if (!answer)
                          return done(std::unexpected(answer.error()));
                      signIn(email, password, remember, context, done);
                  });
}

void Session::resume(const QString& email, QObject* context, Done<void> done) {
    m_email = email;
    setState(State::SigningIn);
    const auto finish = [this, context = QPointer{context}, done = std::move(done)](Answer<void> answer) {
        if (!answer)
            setState(State::SignedOut);
        if (context)
            done(answer);
    };
    m_vault.load(account(), this, [this, finish](const QString& token) {
        if (m_state != State::SigningIn)
            return;
        if (token.isEmpty())
            return finish(std::unexpected(ApiError{.detail = tr("Please sign in.")}));
        authenticate(u"/auth/refresh"_s, toJson(messages::RefreshTokenRequest{.refreshToken = token}), this,
                     [this, finish](Answer<TokenPair> answer) {
                         if (!answer) {
                             if (!answer.error().unreachable && answer.error().status != 429)
                                 m_vault.remove(account());
                             return finish(std::unexpected(answer.error()));
                         }
                         m_remember = true;
                         applyTokens(*answer);
                         setState(State::SignedIn);
                         finish({});
                     });
    });
}

void Session::signOut() {
    if (!m_refresh.isEmpty()) {
        m_vault.remove(account());
        const messages::RefreshTokenRequest request{.refreshToken = m_refresh};
        m_client.send({.method = "POST", .path = u"/auth/logout"_s, .body = toJson(request)}, m_access, this,
                      [](const Answer<Response>&) {});
    }
    clearTokens();
    m_email.clear();
    setState(State::SignedOut);
}

void Session::applyTokens(const TokenPair& tokens) {
    m_renewing.reset();
    m_access = tokens.access;
    m_refresh = tokens.refresh;
    m_claims = claimsOf(m_access);
    m_expiry = QDeadlineTimer{tokens.lifetime};
    m_renewal.start(
        static_cast<int>(std::min<qint64>(tokens.lifetime - renewalMargin(tokens.lifetime), 86'400'000)));
    if (m_remember)
        m_vault.store(account(), m_refresh);
}

void Session::clearTokens() {
    m_renewing.reset();
    m_renewal.stop();
    m_access.clear();
    m_refresh.clear();
    m_expiry = QDeadlineTimer{QDeadlineTimer::Forever};
    const ApiError error = endedError();
    flushPendingCalls(&error);
}

void Session::send(const Request& request, QObject* context, Done<Response> done) {
    PendingCall call{request, context, std::move(done)};
    if (m_access.isEmpty()) {
        QMetaObject::invokeMethod(
            context, [done = std::move(call.done)] { done(std::unexpected(endedError())); },
            Qt::QueuedConnection);
        return;
    }
    if (m_renewing != nullptr || m_expiry.hasExpired()) {
        m_pendingCalls.push_back(std::move(call));
        return renew();
    }
    sendOnce(call, false);
}

void Session::sendOnce(const PendingCall& call, bool isRetry) {
    if (!call.context)
        return;
    m_client.send(call.request, m_access, call.context,
                  [this, call, isRetry, usedToken = m_access](Answer<Response> answer) {
                      const bool isUnauthorized = !answer && answer.error().status == 401;
                      if (!isUnauthorized || isRetry)
                          return call.done(std::move(answer));
                      if (m_access.isEmpty())
                          return call.done(std::unexpected(endedError()));
                      if (usedToken != m_access)
                          return sendOnce(call, true); // another call has renewed the token
                      m_pendingCalls.push_back(call);
                      renew();
                  });
}

void Session::renew() {
    if (m_renewing != nullptr || m_refresh.isEmpty())
        return;
    m_renewing = std::make_unique<QObject>();
    authenticate(u"/auth/refresh"_s, toJson(messages::RefreshTokenRequest{.refreshToken = m_refresh}),
                 m_renewing.get(), [this](const Answer<TokenPair>& answer) { finishRenewal(answer); });
}

void Session::finishRenewal(const Answer<TokenPair>& answer) {
    m_renewing.release()->deleteLater(); // this call comes from one of its connections
    if (answer) {
        applyTokens(*answer);
        Q_EMIT renewed(m_access);
        flushPendingCalls(nullptr);
    } else if (answer.error().unreachable || answer.error().status == 429) {
        m_renewal.start(renewalRetryInterval);
        flushPendingCalls(&answer.error());
    } else {
        m_vault.remove(account());
        clearTokens();
        setState(State::Ended);
    }
}

void Session::flushPendingCalls(const ApiError* error) {
    for (const PendingCall& call : std::exchange(m_pendingCalls, {})) {
        if (error == nullptr)
            sendOnce(call, true);
        else if (call.context)
            call.done(std::unexpected(*error));
    }
}

} // namespace breakwater::desktop

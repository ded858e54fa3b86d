#include "support/fake_server.hpp"
#include "support/real_server.hpp"

#include <QJsonArray>
#include <QSignalSpy>

using namespace Qt::StringLiterals;

namespace breakwater::desktop::test {

namespace {

/// A vault in memory.
class MemoryVault : public TokenVault {
    Q_OBJECT
public:
    void load(const QString& account, QObject* context, std::function<void(QString)> done) override {
        QMetaObject::invokeMethod(
            context, [token = tokens.value(account), done] { done(token); }, Qt::QueuedConnection);
    }
    void store(const QString& account, const QString& token) override { tokens.insert(account, token); }
    void remove(const QString& account) override { tokens.remove(account); }

    QHash<QString, QString> tokens;
};

} // namespace

class SessionTest : public QObject {
    Q_OBJECT

    std::unique_ptr<PlainServer> m_server;
    MemoryVault m_vault;
    std::unique_ptr<Session> m_session;

    Answer<void> signIn(bool remember = false) {
        return await<void>([&](auto done) {
            m_session->signIn(u"ada@example.com"_s, u"right password"_s, remember, this, done);
        });
    }

    Answer<QList<Device>> devices() {
        return await<QList<Device>>([&](auto done) { Api{*m_session}.devices(this, done); });
    }

    /// Makes the server refuse all access tokens that it has issued so far.
    void refuseIssuedTokens() {
        const auto refused = std::make_shared<QSet<QByteArray>>();
        for (const FakeRequest& issued : m_server->requests())
            refused->insert(issued.token());
        m_server->on("GET /devices", [this, refused](const FakeRequest& request) {
            return refused->contains(request.token()) ? problem(401, u"Expired."_s) : json(m_server->devices);
        });
    }

private Q_SLOTS:
    void init() {
        m_server = std::make_unique<PlainServer>(3);
        m_vault.tokens.clear();
        m_session = std::make_unique<Session>(m_vault);
        m_session->setServer(m_server->address());
    }

    void reportsWhyASignInFailed() {
        const auto answer = await<void>(
            [&](auto done) { m_session->signIn(u"ada@example.com"_s, u"wrong"_s, true, this, done); });
        QVERIFY(!answer);
        QCOMPARE(answer.error().detail, u"Invalid e-mail address or password."_s);
        QCOMPARE(m_session->state(), Session::State::SignedOut);
        QVERIFY(m_vault.tokens.isEmpty());
    }

    void sendsTheDeviceCookieOfTheAccount() {
        QHash<QString, QString> cookies;
        Session session{m_vault,
                        {.find = [&](const QString& account) { return cookies.value(account); },
                         .store = [&](const QString& account,
                                      const QString& cookie) { cookies.insert(account, cookie); }}};
        session.setServer(m_server->address());
        QList<QJsonValue> sent;
        for (const QString& email : {u"ada@example.com"_s, u"ada@example.com"_s, u"bob@example.com"_s}) {
            m_server->deviceCookie = u"cookie %1"_s.arg(sent.size() + 1);
            QVERIFY(await<void>(
                [&](auto done) { session.signIn(email, u"right password"_s, false, this, done); }));
            sent.append(m_server->requests().last().json().value("device_cookie"_L1));
        }
        QCOMPARE(sent[0], QJsonValue{QJsonValue::Undefined});
        QCOMPARE(sent[1], QJsonValue{u"cookie 1"_s});
        QCOMPARE(sent[2], QJsonValue{QJsonValue::Undefined});
        QCOMPARE(cookies.size(), 2);
    }

    void renewsOnceForManyCalls() {
        QVERIFY(signIn());
        QVERIFY(devices());
        refuseIssuedTokens();
        int succeeded = 0;
        int failed = 0;
        for (int n = 0; n < 20; ++n)
            Api{*m_session}.devices(
                this, [&](const Answer<QList<Device>>& answer) { ++(answer ? succeeded : failed); });
        QTRY_COMPARE(succeeded + failed, 20);
        QCOMPARE(succeeded, 20);
        QCOMPARE(m_server->count("POST /auth/refresh"), 1);
    }

    void renewsBeforeTheTokenExpires() {
        m_server->tokenMinutes = 0.01; // 600 ms
        QSignalSpy renewed{m_session.get(), &Session::renewed};
        QVERIFY(signIn());
        QTRY_VERIFY(renewed.size() >= 2);
        QCOMPARE(m_session->state(), Session::State::SignedIn);
        QVERIFY(devices());
    }

    void renewsAnExpiredTokenBeforeACall() {
        m_server->tokenMinutes = 0;
        QVERIFY(signIn());
        m_server->tokenMinutes = 15;
        QVERIFY(devices());
        QCOMPARE(m_server->count("GET /devices"), 1); // no call with the expired token
    }

    void endsWhenTheRefreshTokenIsRevoked() {
        QVERIFY(signIn(true));
        QVERIFY(devices());
        refuseIssuedTokens();
        m_server->on("POST /auth/refresh", [](const FakeRequest&) { return problem(401, u"Revoked."_s); });
        const auto answer = devices();
        QVERIFY(!answer);
        QCOMPARE(answer.error().status, 401);
        QCOMPARE(m_session->state(), Session::State::Ended);
        QVERIFY(m_vault.tokens.isEmpty());
        QCOMPARE(m_session->email(), u"ada@example.com"_s); // for the next sign-in
        const auto calls = m_server->requests().size();
        QVERIFY(!devices());
        QCOMPARE(m_server->requests().size(), calls); // sends no request without a token
        QVERIFY(signIn());
        QVERIFY(devices());
    }

    void staysSignedInWhileTheServerIsUnavailable() {
        QVERIFY(signIn());
        QVERIFY(devices());
        refuseIssuedTokens();
        m_server->on("POST /auth/refresh", [](const FakeRequest&) { return problem(503, u"Busy."_s); });
        const auto answer = devices();
        QVERIFY(!answer);
        QCOMPARE(answer.error().detail, u"Busy."_s);
        QCOMPARE(m_session->state(), Session::State::SignedIn);
    }

    void retriesOnlyOnce() {
        // If the server also refuses a renewed token, the call fails.
        QVERIFY(signIn());
        m_server->on("GET /devices", [](const FakeRequest&) { return problem(401, u"Never."_s); });
        const auto answer = devices();
        QVERIFY(!answer);
        QCOMPARE(answer.error().detail, u"Never."_s);
        QCOMPARE(m_server->count("GET /devices"), 2);
        QCOMPARE(m_server->count("POST /auth/refresh"), 1);
    }

    void resumesWithTheTokenInTheVault() {
        QVERIFY(signIn(true));
        QCOMPARE(m_vault.tokens.size(), 1);
        const QString storedToken = m_vault.tokens.begin().value();
        m_session = std::make_unique<Session>(m_vault);
        m_session->setServer(m_server->address());
        QVERIFY(await<void>([&](auto done) { m_session->resume(u"ada@example.com"_s, this, done); }));
        QCOMPARE(m_session->state(), Session::State::SignedIn);
        QVERIFY(m_vault.tokens.begin().value() != storedToken); // each refresh token is valid once
        m_session->signOut();
        QVERIFY(m_vault.tokens.isEmpty());
        QTRY_COMPARE(m_server->count("POST /auth/logout"), 1);
    }

    void keepsTheTokenWhenTheServerIsBusy() {
        QVERIFY(signIn(true));
        m_session = std::make_unique<Session>(m_vault);
        m_session->setServer(m_server->address());
        m_server->on("POST /auth/refresh", [](const FakeRequest&) { return FakeAnswer{.status = 429}; });
        QVERIFY(!await<void>([&](auto done) { m_session->resume(u"ada@example.com"_s, this, done); }));
        QCOMPARE(m_session->state(), Session::State::SignedOut);
        QCOMPARE(m_vault.tokens.size(), 1);
    }

    void sendsNoTokenInUrls() {
        QVERIFY(signIn());
        QVERIFY(devices());
        for (const FakeRequest& request : m_server->requests()) {
            QVERIFY(!request.query.toString().contains("token"_L1));
            QVERIFY(!request.path.contains("token"_L1));
        }
    }

    void endsWhenTheRealServerRevokesIt() {
        RealServer server;
        Person admin{server.address(), adminEmail, adminPassword};
        Person ada{server.address(), u"ada@example.com"_s, u"correct horse battery staple"_s, true};
        QSignalSpy states{&ada.session(), &Session::stateChanged};
        const qint64 id = ada.session().claims().userId;
        QVERIFY(!ada.session().claims().administrator);
        QVERIFY(await<User>([&](auto done) {
            admin.api().changeUser(id, {.password = u"another good password"_s}, &admin.context, done);
        }));
        QVERIFY(!await<QList<Device>>([&](auto done) { ada.api().devices(&ada.context, done); }));
        QCOMPARE(ada.session().state(), Session::State::Ended);
    }

    void renewsAtTheRealServer() {
        RealServer server;
        Person ada{server.address(), u"ada@example.com"_s, u"correct horse battery staple"_s, true};
        QSignalSpy renewed{&ada.session(), &Session::renewed};
        ada.session().renew();
        QTRY_COMPARE(renewed.size(), 1);
        QVERIFY(await<QList<Device>>([&](auto done) { ada.api().devices(&ada.context, done); }));
    }
};

} // namespace breakwater::desktop::test

QTEST_GUILESS_MAIN(breakwater::desktop::test::SessionTest)
#include "session_test.moc"

#include "support/fake_server.hpp"
#include "support/real_server.hpp"

#include <QJsonArray>
#include <QSignalSpy>

using namespace Qt::StringLiterals;

namespace breakwater::desktop::test {

namespace {

/// A vault that keeps, as a keyring does.
class KeepingVault : public TokenVault {
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
    KeepingVault m_vault;
    std::unique_ptr<Session> m_session;

    Answer<void> signIn(bool remember = false) {
        return await<void>([&](auto done) {
            m_session->signIn(u"ada@example.com"_s, u"right password"_s, remember, this, done);
        });
    }

    Answer<QList<Device>> devices() {
        return await<QList<Device>>([&](auto done) { Api{*m_session}.devices(this, done); });
    }

    /// From now on the server takes no access token but those it gives out from now on.
    void refuseWhatWasIssued() {
        const auto old = std::make_shared<QSet<QByteArray>>();
        for (const FakeRequest& each : m_server->requests())
            old->insert(each.token());
        m_server->on("GET /devices", [this, old](const FakeRequest& asked) {
            return old->contains(asked.token()) ? problem(401, u"Expired."_s) : json(m_server->devices);
        });
    }

private Q_SLOTS:
    void init() {
        m_server = std::make_unique<PlainServer>(3);
        m_vault.tokens.clear();
        m_session = std::make_unique<Session>(m_vault);
        m_session->setServer(m_server->address());
    }

    void tellsWhyOneIsNotLetIn() {
        const auto answer = await<void>(
            [&](auto done) { m_session->signIn(u"ada@example.com"_s, u"wrong"_s, true, this, done); });
        QVERIFY(!answer);
        QCOMPARE(answer.error().detail, u"Invalid email or password."_s);
        QCOMPARE(m_session->state(), Session::State::SignedOut);
        QVERIFY(m_vault.tokens.isEmpty());
    }

    void showsWhatItWasGivenAtTheLastSignInToThatAccount() {
        QHash<QString, QString> kept;
        Session session{
            m_vault,
            {.find = [&](const QString& account) { return kept.value(account); },
             .keep = [&](const QString& account, const QString& cookie) { kept.insert(account, cookie); }}};
        session.setServer(m_server->address());
        QList<QJsonValue> shown;
        for (const QString& email : {u"ada@example.com"_s, u"ada@example.com"_s, u"bob@example.com"_s}) {
            m_server->deviceCookie = u"cookie %1"_s.arg(shown.size() + 1);
            QVERIFY(await<void>(
                [&](auto done) { session.signIn(email, u"right password"_s, false, this, done); }));
            shown.append(m_server->requests().last().json().value("device_cookie"_L1));
        }
        QCOMPARE(shown[0], QJsonValue{QJsonValue::Undefined});
        QCOMPARE(shown[1], QJsonValue{u"cookie 1"_s});
        QCOMPARE(shown[2], QJsonValue{QJsonValue::Undefined});
        QCOMPARE(kept.size(), 2);
    }

    void renewsOnceForManyCalls() {
        QVERIFY(signIn());
        QVERIFY(devices());
        refuseWhatWasIssued();
        int good = 0;
        int bad = 0;
        for (int n = 0; n < 20; ++n)
            Api{*m_session}.devices(this,
                                    [&](const Answer<QList<Device>>& answer) { ++(answer ? good : bad); });
        QTRY_COMPARE(good + bad, 20);
        QCOMPARE(good, 20);
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

    void renewsFirstWhereTheTokenHasExpired() {
        m_server->tokenMinutes = 0;
        QVERIFY(signIn());
        m_server->tokenMinutes = 15;
        QVERIFY(devices());
        QCOMPARE(m_server->count("GET /devices"), 1); // not refused first
    }

    void endsWhereTheRefreshTokenIsRevoked() {
        QVERIFY(signIn(true));
        QVERIFY(devices());
        refuseWhatWasIssued();
        m_server->on("POST /auth/refresh", [](const FakeRequest&) { return problem(401, u"Revoked."_s); });
        const auto answer = devices();
        QVERIFY(!answer);
        QCOMPARE(answer.error().status, 401);
        QCOMPARE(m_session->state(), Session::State::Ended);
        QVERIFY(m_vault.tokens.isEmpty());
        QCOMPARE(m_session->email(), u"ada@example.com"_s); // who has to sign in again
        const auto calls = m_server->requests().size();
        QVERIFY(!devices());
        QCOMPARE(m_server->requests().size(), calls); // nothing is asked without a token
        QVERIFY(signIn());
        QVERIFY(devices());
    }

    void staysWhileTheServerIsAway() {
        QVERIFY(signIn());
        QVERIFY(devices());
        refuseWhatWasIssued();
        m_server->on("POST /auth/refresh", [](const FakeRequest&) { return problem(503, u"Busy."_s); });
        const auto answer = devices();
        QVERIFY(!answer);
        QCOMPARE(answer.error().detail, u"Busy."_s);
        QCOMPARE(m_session->state(), Session::State::SignedIn);
    }

    void asksAgainOnlyOnce() {
        // A call that is refused with a fresh token too is refused.
        QVERIFY(signIn());
        m_server->on("GET /devices", [](const FakeRequest&) { return problem(401, u"Never."_s); });
        const auto answer = devices();
        QVERIFY(!answer);
        QCOMPARE(answer.error().detail, u"Never."_s);
        QCOMPARE(m_server->count("GET /devices"), 2);
        QCOMPARE(m_server->count("POST /auth/refresh"), 1);
    }

    void goesOnWithWhatTheVaultHas() {
        QVERIFY(signIn(true));
        QCOMPARE(m_vault.tokens.size(), 1);
        const QString kept = m_vault.tokens.begin().value();
        m_session = std::make_unique<Session>(m_vault);
        m_session->setServer(m_server->address());
        QVERIFY(await<void>([&](auto done) { m_session->resume(u"ada@example.com"_s, this, done); }));
        QCOMPARE(m_session->state(), Session::State::SignedIn);
        QVERIFY(m_vault.tokens.begin().value() != kept); // a refresh token works once
        m_session->signOut();
        QVERIFY(m_vault.tokens.isEmpty());
        QTRY_COMPARE(m_server->count("POST /auth/logout"), 1);
    }

    void putsNoSecretIntoAnAddress() {
        QVERIFY(signIn());
        QVERIFY(devices());
        for (const FakeRequest& each : m_server->requests()) {
            QVERIFY(!each.query.toString().contains("token"_L1));
            QVERIFY(!each.path.contains("token"_L1));
        }
    }

    void isRevokedByTheRealServer() {
        RealServer server;
        Person admin{server.address(), adminEmail, adminPassword};
        Person ada{server.address(), u"ada@example.com"_s, u"correct horse battery staple"_s, true};
        QSignalSpy states{&ada.session(), &Session::stateChanged};
        const qint64 id = ada.session().who().userId;
        QVERIFY(!ada.session().who().administrator);
        QVERIFY(await<User>([&](auto done) {
            admin.api().changeUser(id, {{"password"_L1, "another good password"_L1}}, &admin.context, done);
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

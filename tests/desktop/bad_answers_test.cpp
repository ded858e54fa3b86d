#include "core/api.hpp"
#include "core/live.hpp"
#include "support/fake_server.hpp"
#include "support/real_server.hpp"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace breakwater::desktop::test {

/// Tests that any server response yields data or an error text.
class BadAnswersTest : public QObject {
    Q_OBJECT

    std::unique_ptr<PlainServer> m_server;
    std::unique_ptr<Person> m_person;

    Answer<QList<Device>> fetchDevices(const FakeAnswer& answer) {
        m_server->on("GET /devices", [answer](const FakeRequest&) { return answer; });
        return await<QList<Device>>([&](auto done) { m_person->api().devices(&m_person->context, done); });
    }

private Q_SLOTS:
    void init() {
        m_server = std::make_unique<PlainServer>(3);
        m_person = std::make_unique<Person>(m_server->address(), u"ada@example.com"_s, u"right password"_s);
    }

    void parsesAValidResponse() {
        const auto devices = fetchDevices(json(m_server->devices));
        QVERIFY(devices);
        QCOMPARE(devices->size(), 3);
        QCOMPARE(devices->at(1).name, u"Device 1"_s);
    }

    void reportsInvalidResponses_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("text");
        const QByteArray device = R"({"id":"a","name":"b","category":"c","status":"active"})";
        QTest::newRow("truncated") << 200 << QByteArray("[" + device.first(20)) << u"invalid response"_s;
        QTest::newRow("empty") << 200 << QByteArray() << u"invalid response"_s;
        QTest::newRow("html") << 200 << QByteArray("<html>hello</html>") << u"invalid response"_s;
        QTest::newRow("object for list") << 200 << device << u"expected a list"_s;
        QTest::newRow("number for object") << 200 << QByteArray("[7]") << u"expected an object"_s;
        QTest::newRow("number for text")
            << 200 << QByteArray(R"([{"id":7,"name":"b","category":"c","status":"d"}])")
            << u"id is not a string"_s;
        QTest::newRow("missing") << 200 << QByteArray(R"([{"id":"a","name":"b","category":"c"}])")
                                 << u"status is missing"_s;
        QTest::newRow("no time")
            << 200 << QByteArray(R"([{"id":"a","name":"b","category":"c","status":"d","created_at":"soon"}])")
            << u"created_at is not a time"_s;
        QTest::newRow("not utf-8") << 200 << QByteArray("[{\"id\":\"\xff\xfe\"}]") << u"invalid response"_s;
        QTest::newRow("deep") << 200 << QByteArray(100'000, '[') << u"invalid response"_s;
        QTest::newRow("500") << 500 << QByteArray("oops") << u"internal error (status 500)"_s;
        QTest::newRow("500 of wrong type") << 500 << QByteArray(R"({"detail":{"a":1}})") << u"status 500"_s;
        QTest::newRow("detail of the server") << 503 << QByteArray(R"({"detail":"Busy."})") << u"Busy."_s;
        QTest::newRow("fastapi's 422")
            << 422 << QByteArray(R"({"detail":[{"loc":["body","name"],"msg":"too short"}]})")
            << u"name: too short"_s;
        QTest::newRow("redirect") << 302 << QByteArray() << u"refused the request (status 302)"_s;
    }

    void reportsInvalidResponses() {
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(QString, text);
        const auto devices =
            fetchDevices({.status = status, .body = body, .headers = {{"Location", "http://127.0.0.1:9/"}}});
        QVERIFY(!devices);
        QVERIFY2(devices.error().detail.contains(text), qPrintable(devices.error().detail));
    }

    void reportsAnInterruptedConnection() {
        FakeAnswer answer = json(m_server->devices);
        answer.breakOff = true;
        const auto devices = fetchDevices(answer);
        QVERIFY(!devices);
        QVERIFY2(devices.error().detail.contains("was interrupted"_L1), qPrintable(devices.error().detail));
        QVERIFY(devices.error().unreachable);
    }

    void reportsATimeout() {
        m_person->session().client().setTimeout(std::chrono::milliseconds{200});
        const auto devices = fetchDevices({.never = true});
        QVERIFY(!devices);
        QVERIFY2(devices.error().detail.contains("not respond in time"_L1),
                 qPrintable(devices.error().detail));
    }

    void reportsAnUnreachableServer() {
        const QUrl address = m_server->address();
        m_server.reset();
        const auto devices =
            await<QList<Device>>([&](auto done) { m_person->api().devices(&m_person->context, done); });
        QVERIFY(!devices);
        QVERIFY2(devices.error().detail.contains("No server responds"_L1),
                 qPrintable(devices.error().detail));
    }

    void abortsTheCallOfADestroyedContext() {
        m_server->on("GET /devices", [](const FakeRequest&) { return FakeAnswer{.never = true}; });
        int called = 0;
        auto caller = std::make_unique<QObject>();
        m_person->api().devices(caller.get(), [&](const Answer<QList<Device>>&) { ++called; });
        QTRY_COMPARE(m_server->count("GET /devices"), 1);
        caller.reset();
        QVERIFY(fetchDevices(json(m_server->devices))); // another call completes meanwhile
        QCOMPARE(called, 0);
    }

    void doesNotFollowRedirects() {
        // A redirect is an error: following it would send the token to another server.
        FakeServer other;
        const QByteArray location = other.address().toEncoded() + "/devices";
        QVERIFY(!fetchDevices({.status = 307, .body = {}, .headers = {{"Location", location}}}));
        QVERIFY(other.requests().isEmpty());
    }

    void skipsInvalidEvents() {
        const QJsonArray events{
            1, QJsonObject{{"type"_L1, "reading"_L1}, {"reading"_L1, "none"_L1}},
            QJsonObject{{"type"_L1, "surprise"_L1}},
            QJsonObject{{"type"_L1, "device"_L1}, {"change"_L1, "deleted"_L1}, {"device_id"_L1, "a"_L1}}};
        QCOMPARE(readEvents(events).size(), 1);
    }

    void parsesTypedAddresses_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("address");
        QTest::newRow("host and port") << u" localhost:8000 "_s << u"http://localhost:8000"_s;
        QTest::newRow("slash") << u"https://iot.example.com/"_s << u"https://iot.example.com"_s;
        QTest::newRow("path") << u"https://example.com/iot/"_s << u"https://example.com/iot"_s;
        QTest::newRow("nothing") << QString{} << QString{};
        QTest::newRow("other scheme") << u"ftp://example.com"_s << QString{};
        QTest::newRow("credentials") << u"http://a:b@example.com"_s << QString{};
    }

    void parsesTypedAddresses() {
        QFETCH(QString, typed);
        QFETCH(QString, address);
        QCOMPARE(serverAddress(typed).toString(), address);
    }
};

} // namespace breakwater::desktop::test

QTEST_GUILESS_MAIN(breakwater::desktop::test::BadAnswersTest)
#include "bad_answers_test.moc"

#include "core/messages.hpp"

#include "core/parse.hpp"
#include "core/requests.hpp"

#include <QFile>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;

namespace breakwater::desktop::test {

namespace {

QJsonObject schemasOf(const QString& document) {
    QFile file{QStringLiteral(BREAKWATER_SOURCE_FOLDER "/docs/") + document};
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(file.readAll())["components"_L1]["schemas"_L1].toObject();
}

QJsonObject schemaOf(QLatin1StringView name) {
    static const QJsonObject calls = schemasOf(u"openapi.json"_s);
    static const QJsonObject live = schemasOf(u"asyncapi.json"_s);
    return calls.value(name).toObject(live.value(name).toObject());
}

QJsonObject exampleOf(QLatin1StringView name) {
    return schemaOf(name)["examples"_L1][0].toObject();
}

template <auto read>
QString problemOf(const QJsonValue& value) {
    JsonReader reader{value};
    read(reader);
    return reader.problem();
}

template <auto read>
auto exampleMessage(QLatin1StringView name) {
    JsonReader reader{exampleOf(name)};
    return read(reader);
}

template <class Message>
bool isEvent(QLatin1StringView name) {
    const auto event = messages::readLiveEvent(exampleOf(name));
    return event && std::holds_alternative<Message>(*event);
}

template <class Message>
bool isMessage(QLatin1StringView name) {
    const auto message = messages::readLiveMessage(exampleOf(name));
    return message && std::holds_alternative<Message>(*message);
}

QJsonObject with(QJsonObject object, const QString& member, const QJsonValue& value) {
    object.insert(member, value);
    return object;
}

QJsonObject without(QJsonObject object, const QString& member) {
    object.remove(member);
    return object;
}

} // namespace

using ProblemOf = QString (*)(const QJsonValue&);

/// Tests the generated structs with the examples of docs/openapi.json and docs/asyncapi.json.
class MessagesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithTheSchema_data() {
        QTest::addColumn<ProblemOf>("problem");
        QTest::newRow("TokenPair") << &problemOf<messages::readTokenPair>;
        QTest::newRow("User") << &problemOf<messages::readUser>;
        QTest::newRow("Category") << &problemOf<messages::readCategory>;
        QTest::newRow("Device") << &problemOf<messages::readDevice>;
        QTest::newRow("DeviceDetail") << &problemOf<messages::readDeviceDetail>;
        QTest::newRow("DeviceLatest") << &problemOf<messages::readDeviceLatest>;
        QTest::newRow("DeviceCredentials") << &problemOf<messages::readDeviceCredentials>;
        QTest::newRow("Reading") << &problemOf<messages::readReading>;
        QTest::newRow("ExportedReading") << &problemOf<messages::readExportedReading>;
        QTest::newRow("ReadingsMeta") << &problemOf<messages::readReadingsMeta>;
        QTest::newRow("SeriesBucket") << &problemOf<messages::readSeriesBucket>;
        QTest::newRow("FieldSeries") << &problemOf<messages::readFieldSeries>;
        QTest::newRow("Series") << &problemOf<messages::readSeries>;
        QTest::newRow("EventTarget") << &problemOf<messages::readEventTarget>;
        QTest::newRow("SecurityEvent") << &problemOf<messages::readSecurityEvent>;
        QTest::newRow("Alert") << &problemOf<messages::readAlert>;
        QTest::newRow("LiveTicket") << &problemOf<messages::readLiveTicket>;
        QTest::newRow("LiveReading") << &problemOf<messages::readLiveReading>;
        QTest::newRow("LiveBackfill") << &problemOf<messages::readLiveBackfill>;
        QTest::newRow("LiveDevice") << &problemOf<messages::readLiveDevice>;
        QTest::newRow("LiveDeviceRemoval") << &problemOf<messages::readLiveDeviceRemoval>;
        QTest::newRow("LiveAlert") << &problemOf<messages::readLiveAlert>;
        QTest::newRow("LiveSecurityEvent") << &problemOf<messages::readLiveSecurityEvent>;
        QTest::newRow("LiveWelcome") << &problemOf<messages::readLiveWelcome>;
        QTest::newRow("LiveEvents") << &problemOf<messages::readLiveEvents>;
        QTest::newRow("LiveGap") << &problemOf<messages::readLiveGap>;
        QTest::newRow("LiveHeartbeat") << &problemOf<messages::readLiveHeartbeat>;
    }

    void agreesWithTheSchema() {
        QFETCH(ProblemOf, problem);
        const QLatin1StringView name{QTest::currentDataTag()};
        const QJsonObject example = exampleOf(name);
        QVERIFY(!example.isEmpty());
        QCOMPARE(problem(example), QString{});
        const QJsonObject members = schemaOf(name)["properties"_L1].toObject();
        for (auto member = members.begin(); member != members.end(); ++member) {
            const QJsonValue schema = member.value();
            const QString key = member.key();
            const QString missing = problem(without(example, key));
            QVERIFY2(missing.isEmpty() || missing == key + " is missing"_L1, qPrintable(missing));
            if (!schema["const"_L1].isUndefined())
                continue;
            const QJsonValue wrong =
                schema["type"_L1] == "array"_L1 ? QJsonValue{true} : QJsonValue{QJsonArray{}};
            const QString mistyped = problem(with(example, key, wrong));
            QVERIFY2(mistyped.startsWith(key + " is not "_L1), qPrintable(key + u": "_s + mistyped));
            for (const QJsonValue option : schema["anyOf"_L1].toArray())
                if (option["type"_L1] == "null"_L1)
                    QCOMPARE(problem(with(example, key, QJsonValue::Null)), QString{});
            if (schema["enum"_L1].isArray())
                QCOMPARE(problem(with(example, key, u"of a newer server"_s)), QString{});
        }
    }

    void namesThePathToAProblem() {
        const QJsonObject bucket = without(exampleOf("SeriesBucket"_L1), u"mean"_s);
        const QJsonObject field = with(exampleOf("FieldSeries"_L1), u"buckets"_s, QJsonArray{bucket});
        QCOMPARE(
            problemOf<messages::readSeries>(with(exampleOf("Series"_L1), u"series"_s, QJsonArray{field})),
            u"series: buckets: mean is missing"_s);
        QCOMPARE(problemOf<messages::readSeries>(with(exampleOf("Series"_L1), u"series"_s, QJsonArray{7})),
                 u"series: expected an object"_s);
    }

    void readsValues() {
        const auto device = exampleMessage<messages::readDeviceDetail>("DeviceDetail"_L1);
        QCOMPARE(device.id, u"0b8f6f0e-6f0a-4c59-9d0b-3a1f2f6a7c11"_s);
        QCOMPARE(device.lastReadingAt, parseTime(u"2026-01-16T09:14:22.5Z"_s));
        QCOMPARE(device.expectedIntervalSeconds, std::optional<qint64>{45});
        QCOMPARE(device.blockedAlertId, std::nullopt);
        QVERIFY(device.blockedBy.isNull());
        QVERIFY(!device.blockedAt.isValid());
        const auto series = exampleMessage<messages::readSeries>("Series"_L1);
        QCOMPARE(series.stepSeconds, 300.0);
        QCOMPARE(series.series.at(0).buckets.at(0).max, 22.1);
        const auto event = exampleMessage<messages::readSecurityEvent>("SecurityEvent"_L1);
        QCOMPARE(event.targets.at(0).targetId, u"7"_s);
        QCOMPARE(exampleMessage<messages::readReading>("Reading"_L1).payload["temperature_c"_L1].toDouble(),
                 21.6);
    }

    void readsIdsOfOtherServers() {
        JsonReader reader{with(exampleOf("Alert"_L1), u"id"_s, u"a-7"_s)};
        QCOMPARE(messages::readAlert(reader).id, u"a-7"_s);
        JsonReader numbers{with(exampleOf("SecurityEvent"_L1), u"actor_id"_s, 7)};
        QCOMPARE(messages::readSecurityEvent(numbers).actorId, u"7"_s);
    }

    void tellsLiveMessagesApart() {
        QVERIFY(isEvent<messages::LiveReading>("LiveReading"_L1));
        QVERIFY(isEvent<messages::LiveBackfill>("LiveBackfill"_L1));
        QVERIFY(isEvent<messages::LiveDevice>("LiveDevice"_L1));
        QVERIFY(isEvent<messages::LiveDeviceRemoval>("LiveDeviceRemoval"_L1));
        QVERIFY(isEvent<messages::LiveAlert>("LiveAlert"_L1));
        QVERIFY(isEvent<messages::LiveSecurityEvent>("LiveSecurityEvent"_L1));
        QVERIFY(isMessage<messages::LiveWelcome>("LiveWelcome"_L1));
        QVERIFY(isMessage<messages::LiveEvents>("LiveEvents"_L1));
        QVERIFY(isMessage<messages::LiveGap>("LiveGap"_L1));
        QVERIFY(isMessage<messages::LiveHeartbeat>("LiveHeartbeat"_L1));
    }

    void writesRequests() {
        const QJsonObject hello = exampleOf("LiveHello"_L1);
        QCOMPARE(toJson(messages::LiveHello{
                     .ticket = hello["ticket"_L1].toString(),
                     .subscriptions = QList<messages::LiveSubscription>{{.id = u"a"_s, .all = true}}}),
                 hello);
        messages::LoginRequest login{.email = u"ada@example.com"_s,
                                     .password = u"correct horse battery staple"_s};
        QCOMPARE(toJson(login), exampleOf("LoginRequest"_L1));
        login.deviceCookie = u"a"_s;
        QCOMPARE(toJson(login), with(exampleOf("LoginRequest"_L1), u"device_cookie"_s, u"a"_s));
        QCOMPARE(toJson(messages::UpdateUserRequest{}), QJsonObject{});
        QCOMPARE(toJson(messages::UpdateUserRequest{.disabled = false}),
                 (QJsonObject{{"disabled"_L1, false}}));
    }

    void ignoresUnknownLiveMessages() {
        QVERIFY(!messages::readLiveMessage(QJsonObject{{"type"_L1, "surprise"_L1}, {"cursor"_L1, "a"_L1}}));
        QVERIFY(!messages::readLiveEvent(QJsonObject{{"type"_L1, "surprise"_L1}}));
        QVERIFY(!messages::readLiveEvent(7));
        const auto change =
            messages::readLiveEvent(with(exampleOf("LiveDevice"_L1), u"change"_s, u"moved"_s));
        QVERIFY(change && std::holds_alternative<messages::LiveDevice>(*change));
    }
};

} // namespace breakwater::desktop::test

QTEST_GUILESS_MAIN(breakwater::desktop::test::MessagesTest)
#include "messages_test.moc"

#include "core/alerts.hpp"
#include "core/event_log.hpp"
#include "core/fleet.hpp"
#include "support/fake_server.hpp"
#include "support/proxy.hpp"
#include "support/real_server.hpp"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

using namespace Qt::StringLiterals;

namespace breakwater::desktop::test {

class LiveTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void appliesEvents() {
        RealServer server;
        Person ada{server.address(), u"ada@example.com"_s, u"correct horse battery staple"_s, true};
        Person elsewhere{server.address(), u"ada@example.com"_s, u"correct horse battery staple"_s};
        Live live{ada.api()};
        Fleet fleet{ada.api(), live};
        const QAbstractItemModelTester tester{&fleet.model()};
        QSignalSpy resets{&fleet.model(), &QAbstractItemModel::modelReset};
        live.start();
        QTRY_COMPARE(live.state(), Live::State::Connected);

        const auto device = elsewhere.makeDevice(u"Roof"_s);
        QTRY_VERIFY(fleet.model().find(device.deviceId) != nullptr);
        QCOMPARE(fleet.model().find(device.deviceId)->name, u"Roof"_s);
        const QDateTime sampled = fleet.model().find(device.deviceId)->lastReadingAt;
        QCOMPARE(elsewhere.upload(device, {{"temperature_c"_L1, 21.5}}), 201);
        QTRY_VERIFY(fleet.model().find(device.deviceId)->lastReadingAt.isValid());
        QTRY_VERIFY(fleet.model().find(device.deviceId)->lastReadingAt != sampled);

        QVERIFY(await<void>(
            [&](auto done) { elsewhere.api().deactivateDevice(device.deviceId, &elsewhere.context, done); }));
        QTRY_VERIFY(fleet.model().find(device.deviceId)->isBlocked());
        QVERIFY(await<void>(
            [&](auto done) { elsewhere.api().deleteDevice(device.deviceId, &elsewhere.context, done); }));
        QTRY_VERIFY(fleet.model().find(device.deviceId) == nullptr);
        QCOMPARE(resets.size(), 0);
    }

    void reconnectsAfterARestart() {
        RealServer server;
        Person ada{server.address(), u"ada@example.com"_s, u"correct horse battery staple"_s, true};
        Live live{ada.api()};
        live.setInitialWait(std::chrono::milliseconds{50});
        Fleet fleet{ada.api(), live};
        fleet.load();
        live.start();
        const auto roof = ada.makeDevice(u"Roof"_s);
        QTRY_COMPARE(live.state(), Live::State::Connected);
        QTRY_COMPARE(fleet.model().rowCount(), 1);

        server.kill();
        QTRY_COMPARE(live.state(), Live::State::Lost);
        QCOMPARE(fleet.model().rowCount(), 1); // the devices stay on screen
        QSignalSpy eventsMissed{&live, &Live::eventsMissed};
        server.start();
        Person elsewhere{server.address(), u"ada@example.com"_s, u"correct horse battery staple"_s};
        elsewhere.makeDevice(u"Cellar"_s);
        QTRY_COMPARE_WITH_TIMEOUT(live.state(), Live::State::Connected, 20'000);
        // The restarted server has no event history, so the client reloads.
        QTRY_VERIFY(eventsMissed.size() > 0);
        QTRY_COMPARE(fleet.model().rowCount(), 2);
        QCOMPARE(ada.session().state(), Session::State::SignedIn);
    }

    void detectsASilentConnection() {
        RealServer server;
        Proxy proxy{server.address()};
        Person ada{proxy.address(), u"ada@example.com"_s, u"correct horse battery staple"_s, true};
        Person elsewhere{server.address(), u"ada@example.com"_s, u"correct horse battery staple"_s};
        const auto roof = elsewhere.makeDevice(u"Roof"_s);
        const auto attic = elsewhere.makeDevice(u"Attic"_s);
        QCOMPARE(elsewhere.upload(roof, {{"temperature_c"_L1, 21.5}}), 201);
        QVERIFY(await<void>(
            [&](auto done) { elsewhere.api().deactivateDevice(attic.deviceId, &elsewhere.context, done); }));
        Live live{ada.api()};
        live.setInitialWait(std::chrono::milliseconds{20});
        live.setSilenceLimit(std::chrono::milliseconds{1500});
        Fleet fleet{ada.api(), live};
        fleet.setSilenceLimit(std::chrono::milliseconds{1600});
        live.start();
        QTRY_COMPARE(live.state(), Live::State::Connected);
        const auto freshness = [&](const QString& id, qint64 offset = 0) {
            const Device* device = fleet.model().find(id);
            return device == nullptr
                       ? Freshness::Never
                       : fleet.model().freshness(*device, QDateTime::currentDateTimeUtc().addSecs(offset));
        };
        QTRY_COMPARE(freshness(roof.deviceId), Freshness::Fresh);
        // Without events, the answers to pings keep the connection alive.
        QSignalSpy states{&live, &Live::stateChanged};
        const QDateTime before = live.lastReceived();
        QTRY_VERIFY(before.msecsTo(live.lastReceived()) > 2000);
        QCOMPARE(states.size(), 0);

        proxy.dropData();
        QTRY_COMPARE(live.state(), Live::State::Lost);
        QTRY_COMPARE(freshness(roof.deviceId), Freshness::Unknown);
        QCOMPARE(freshness(roof.deviceId, 3600), Freshness::Unknown); // not silent
        QCOMPARE(fleet.model().unknownSince(), live.lastReceived());
        QCOMPARE(freshness(attic.deviceId), Freshness::Blocked);

        QCOMPARE(elsewhere.upload(roof, {{"temperature_c"_L1, 22.5}}), 201);
        const QDateTime lastReadingAt = fleet.model().find(roof.deviceId)->lastReadingAt;
        proxy.forwardData();
        QTRY_COMPARE_WITH_TIMEOUT(live.state(), Live::State::Connected, 20'000);
        QTRY_COMPARE(freshness(roof.deviceId), Freshness::Fresh);
        // The client receives the reading after the reconnect.
        QTRY_VERIFY(fleet.model().find(roof.deviceId)->lastReadingAt > lastReadingAt);
    }

    void usesTheIntervalOfTheDevice() {
        RealServer server{{{u"MIN_SECONDS_BETWEEN_READINGS"_s, u"600"_s}}};
        Person ada{server.address(), u"ada@example.com"_s, u"correct horse battery staple"_s, true};
        const auto roof = ada.makeDevice(u"Roof"_s);
        QCOMPARE(ada.upload(roof, {{"temperature_c"_L1, 21.5}}), 201);
        Live live{ada.api()};
        Fleet fleet{ada.api(), live};
        live.start();
        const auto freshnessAfter = [&](qint64 seconds) {
            const Device* device = fleet.model().find(roof.deviceId);
            if (device == nullptr)
                return Freshness::Never;
            return fleet.model().freshness(*device, device->lastReadingAt.addSecs(seconds));
        };
        QTRY_COMPARE(freshnessAfter(600), Freshness::Fresh);
        QCOMPARE(freshnessAfter(601), Freshness::Late);
        QCOMPARE(freshnessAfter(1801), Freshness::Silent);

        const auto intervalAfterEvent = [&](const QJsonValue& interval) {
            const QList<LiveEvent> events =
                readEvents({QJsonObject{{"type"_L1, "device"_L1},
                                        {"change"_L1, "updated"_L1},
                                        {"device_id"_L1, roof.deviceId},
                                        {"name"_L1, "Roof"_L1},
                                        {"category"_L1, "weather_station"_L1},
                                        {"status"_L1, "active"_L1},
                                        {"expected_interval_seconds"_L1, interval}}});
            Q_EMIT live.eventsReceived(events);
            return fleet.model().interval(*fleet.model().find(roof.deviceId));
        };
        QCOMPARE(intervalAfterEvent(3600), 3600); // a policy changed
        QCOMPARE(freshnessAfter(3600), Freshness::Fresh);
        QCOMPARE(intervalAfterEvent({}), 3600);
        QCOMPARE(intervalAfterEvent(1e15), std::numeric_limits<int>::max());
    }

    void staysConnectedAfterARenewal() {
        RealServer server;
        Person ada{server.address(), u"ada@example.com"_s, u"correct horse battery staple"_s, true};
        Live live{ada.api()};
        Fleet fleet{ada.api(), live};
        live.start();
        QTRY_COMPARE(live.state(), Live::State::Connected);
        QSignalSpy states{&live, &Live::stateChanged};
        ada.session().renew();
        ada.makeDevice(u"Roof"_s);
        QTRY_COMPARE(fleet.model().rowCount(), 1);
        QCOMPARE(states.size(), 0);
    }

    void reconnectsAfterTheNextSignIn() {
        RealServer server;
        Person admin{server.address(), adminEmail, adminPassword};
        Person ada{server.address(), u"ada@example.com"_s, u"correct horse battery staple"_s, true};
        Live live{ada.api()};
        live.setInitialWait(std::chrono::milliseconds{10});
        live.start();
        QTRY_COMPARE(live.state(), Live::State::Connected);
        QVERIFY(await<User>([&](auto done) {
            admin.api().changeUser(ada.session().claims().userId, {.password = u"another good password"_s},
                                   &admin.context, done);
        }));
        QTRY_COMPARE(ada.session().state(), Session::State::Ended);
        QVERIFY(await<void>([&](auto done) {
            ada.session().signIn(u"ada@example.com"_s, u"another good password"_s, false, &ada.context, done);
        }));
        QTRY_COMPARE(live.state(), Live::State::Lost);
        live.retryNow();
        QTRY_COMPARE(live.state(), Live::State::Connected);
    }

    void showsSecurityEventsToAdministrators() {
        RealServer server;
        Person admin{server.address(), adminEmail, adminPassword};
        Live live{admin.api()};
        EventLog log{admin.api(), live};
        live.start();
        QTRY_COMPARE(live.state(), Live::State::Connected);
        EventFilter filter;
        filter.eventType = u"device_create"_s;
        log.setFilter(filter);
        const auto device = admin.makeDevice(u"Roof"_s);
        QTRY_VERIFY(log.model().rowCount() > 0);
        QVERIFY(isAbout(log.model().rows().first(), device.deviceId));
        for (const SecurityEvent& event : log.model().rows())
            QCOMPARE(event.eventType, u"device_create"_s);

        EventLog deviceLog{admin.api(), live};
        deviceLog.setDevice(device.deviceId);
        QTRY_VERIFY(deviceLog.model().rowCount() >= 1);
        QVERIFY(await<void>(
            [&](auto done) { admin.api().invalidateTokens(device.deviceId, &admin.context, done); }));
        QTRY_COMPARE(deviceLog.model().rows().first().eventType, u"device_token_invalidate"_s);
    }

    void showsSecurityEventsOfADeviceToItsOwner() {
        RealServer server;
        Person admin{server.address(), adminEmail, adminPassword};
        Person ada{server.address(), u"ada@example.com"_s, u"correct horse battery staple"_s, true};
        const auto device = ada.makeDevice(u"Roof"_s);
        QVERIFY(await<void>(
            [&](auto done) { admin.api().invalidateTokens(device.deviceId, &admin.context, done); }));
        Live live{ada.api()};
        EventLog deviceLog{ada.api(), live};
        QSignalSpy failed{&deviceLog, &EventLog::failed};
        deviceLog.setDevice(device.deviceId);
        QTRY_VERIFY(deviceLog.model().rowCount() >= 2);
        const SecurityEvent& newest = deviceLog.model().rows().first();
        QCOMPARE(newest.eventType, u"device_token_invalidate"_s);
        QVERIFY(newest.actorId.isEmpty()); // owners do not see the actor
        QCOMPARE(failed.size(), 0);
    }

    void showsAlerts() {
        RealServer server;
        Person admin{server.address(), adminEmail, adminPassword};
        const Request rule{.method = "POST",
                           .path = u"/alert-rules"_s,
                           .body = QJsonObject{{"name"_L1, "Too hot"_L1},
                                               {"severity"_L1, "critical"_L1},
                                               {"kind"_L1, "field"_L1},
                                               {"field"_L1, "metrics.temperature_c"_L1},
                                               {"test"_L1, "above"_L1},
                                               {"high"_L1, 100}}};
        QVERIFY(await<Response>([&](auto done) { admin.session().send(rule, &admin.context, done); }));
        const auto device = admin.makeDevice(u"Roof"_s);
        Live live{admin.api()};
        Alerts alerts{admin.api(), live};
        alerts.load();
        live.start();
        QTRY_COMPARE(live.state(), Live::State::Connected);
        QTRY_VERIFY(alerts.isSupported());
        const QJsonObject hot{{"metrics"_L1, QJsonObject{{"temperature_c"_L1, 451}}}};
        QCOMPARE(admin.upload(device, hot), 201);
        const auto findAlert = [&]() -> const Alert* {
            for (const Alert& alert : alerts.model().rows())
                if (alert.ruleName == "Too hot"_L1)
                    return &alert;
            return nullptr;
        };
        QTRY_VERIFY(findAlert() != nullptr); // arrives live
        QCOMPARE(findAlert()->deviceId, device.deviceId);
        QCOMPARE(findAlert()->state, u"open"_s);
        alerts.acknowledge(findAlert()->id);
        QTRY_COMPARE(findAlert()->state, u"acknowledged"_s);
        QCOMPARE(findAlert()->acknowledgedBy, adminEmail);
        alerts.resolve(findAlert()->id);
        QTRY_VERIFY(findAlert() == nullptr);

        const QString twoHoursAgo = QDateTime::currentDateTimeUtc().addSecs(-7200).toString(Qt::ISODate);
        const QJsonObject lateReading{{"device_timestamp"_L1, twoHoursAgo}, {"payload"_L1, hot}};
        QCOMPARE(admin.uploadLate(device, {lateReading}), 200);
        QTRY_VERIFY(findAlert() != nullptr); // raised late, already resolved
        QVERIFY(findAlert()->late);
        const int row = static_cast<int>(findAlert() - alerts.model().rows().data());
        QCOMPARE(alerts.model().index(row, AlertModel::State).data().toString(),
                 u"Raised late, already resolved"_s);
        QCOMPARE(findAlert()->state, u"resolved"_s); // not counted as open
        QSignalSpy loaded{&alerts, &Alerts::changed};
        alerts.load();
        QTRY_VERIFY(loaded.size() > 0);
        QVERIFY(findAlert() != nullptr);
        alerts.clear();
        QVERIFY(findAlert() == nullptr);
    }

    void pollsWithoutLiveEvents() {
        PlainServer server{3};
        Person ada{server.address(), u"ada@example.com"_s, u"right password"_s};
        Live live{ada.api()};
        Fleet fleet{ada.api(), live};
        fleet.setPollInterval(std::chrono::milliseconds{20});
        fleet.load();
        live.start();
        QTRY_COMPARE(live.state(), Live::State::Unsupported);
        QTRY_COMPARE(fleet.model().rowCount(), 3);
        server.devices.removeAt(1);
        server.devices.append(QJsonObject{{"id"_L1, PlainServer::deviceId(77)},
                                          {"name"_L1, "New"_L1},
                                          {"category"_L1, "weather_station"_L1},
                                          {"status"_L1, "active"_L1}});
        QTRY_VERIFY(fleet.model().find(PlainServer::deviceId(77)) != nullptr);
        QCOMPARE(fleet.model().find(PlainServer::deviceId(1)), nullptr);
        // The time of the last reading is only fetched for visible devices, one by one.
        QCOMPARE(fleet.model().find(PlainServer::deviceId(0))->lastReadingAt.isValid(), false);
        fleet.setVisibleDevices({PlainServer::deviceId(0)});
        QTRY_VERIFY(fleet.model().find(PlainServer::deviceId(0))->lastReadingAt.isValid());
    }
};

} // namespace breakwater::desktop::test

QTEST_GUILESS_MAIN(breakwater::desktop::test::LiveTest)
#include "live_test.moc"

#include "core/export.hpp"
#include "support/desk.hpp"
#include "support/fake_server.hpp"
#include "widgets/device_list.hpp"
#include "widgets/device_page.hpp"
#include "widgets/device_tree.hpp"

#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>

using namespace Qt::StringLiterals;

namespace breakwater::desktop::test {

/// Tests with a server of the plain contract: no live events, cursors, series or CSV export. One test adds
/// alerts.
class PlainServerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsAllDataByPolling() {
        PlainServer server{3};
        for (int n = 0; n < 250; ++n)
            server.readings.push_back(server.reading(n));
        Desk desk{server.address()};
        desk.start();
        QVERIFY(desk.signIn(u"ada@example.com"_s, u"right password"_s));
        MainWindow& window = desk.window();
        QTRY_COMPARE(desk.client().live().state(), Live::State::Unsupported);
        QTRY_COMPARE(window.devicePage().device(), PlainServer::deviceId(0));
        DeviceReadings& readings = window.devicePage().readings();
        // Without cursors the client pages by time. The chart shows the readings of the table.
        QTRY_COMPARE(readings.model().rowCount(), 250);
        QTRY_COMPARE(readings.chart().points(u"metrics.temperature_c"_s).size(), 250);
        readings.setPollInterval(std::chrono::milliseconds{10});
        QJsonObject fresh = server.reading(0);
        fresh.insert("id"_L1, 2'000'000);
        server.readings.prepend(fresh);
        QTRY_COMPARE(readings.model().rowCount(), 251);
        QCOMPARE(readings.model().readings().first().id, 2'000'000);
    }

    void exportsPageByPage() {
        PlainServer server{1};
        for (int n = 0; n < 250; ++n)
            server.readings.push_back(server.reading(n / 2)); // two at each time
        for (int n = 0; n < 250; ++n)
            server.readings[n].insert("id"_L1, 10'000 - n);
        Person ada{server.address(), u"ada@example.com"_s, u"right password"_s};
        QTemporaryDir folder;
        ReadingsExport csvExport{
            ada.api(), folder.filePath(u"a.csv"_s), PlainServer::deviceId(0), TimeRange::last(86'400), true,
            nullptr};
        QSignalSpy finished{&csvExport, &Export::finished};
        csvExport.start();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(finished[0][0].toLongLong(), 250);
        QFile file{csvExport.path()};
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll().count('\n'), 251);
    }

    void leavesNoFileWhenAnExportFails() {
        PlainServer server{1};
        for (int n = 0; n < 250; ++n)
            server.readings.push_back(server.reading(n));
        Person ada{server.address(), u"ada@example.com"_s, u"right password"_s};
        FakeAnswer broken{.status = 200, .body = "id,a\n1,2\n3,4\n"};
        broken.breakOff = true;
        server.on("GET /devices/" + PlainServer::deviceId(0).toLatin1() + "/readings.csv",
                  [broken](const FakeRequest&) { return broken; });
        QTemporaryDir folder;
        ReadingsExport csvExport{
            ada.api(), folder.filePath(u"a.csv"_s), PlainServer::deviceId(0), TimeRange::last(86'400), true,
            nullptr};
        QSignalSpy failed{&csvExport, &Export::failed};
        csvExport.start();
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY2(failed[0][0].toString().contains("was interrupted"_L1), qPrintable(failed[0][0].toString()));
        QVERIFY(!QFile::exists(csvExport.path()));
    }

    void keepsTheListAfterAnInvalidResponse() {
        PlainServer server{3};
        Desk desk{server.address()};
        desk.start();
        QVERIFY(desk.signIn(u"ada@example.com"_s, u"right password"_s));
        Fleet& fleet = desk.window().fleet();
        QTRY_COMPARE(fleet.model().rowCount(), 3);
        QSignalSpy failed{&fleet, &Fleet::failed};
        fleet.setPollInterval(std::chrono::milliseconds{10});
        server.on("GET /devices",
                  [](const FakeRequest&) { return FakeAnswer{.status = 200, .body = "[{\"id\":"}; });
        QTRY_VERIFY(failed.size() >= 2); // the client keeps polling
        QCOMPARE(fleet.model().rowCount(), 3);
        QCOMPARE(desk.client().session().state(), Session::State::SignedIn);
    }

    void showsNamesAsPlainText() {
        PlainServer server{1};
        server.devices[0] = QJsonObject{{"id"_L1, PlainServer::deviceId(0)},
                                        {"name"_L1, "<b>bold</b> <img src='http://127.0.0.1:9/x'>"_L1},
                                        {"category"_L1, "weather_station"_L1},
                                        {"status"_L1, "active"_L1}};
        Desk desk{server.address()};
        desk.start();
        QVERIFY(desk.signIn(u"ada@example.com"_s, u"right password"_s));
        auto* name = desk.window().findChild<QLabel*>(u"deviceName"_s);
        QTRY_VERIFY(name->text().startsWith("<b>"_L1));
        for (const QLabel* label : desk.window().findChildren<QLabel*>())
            QCOMPARE(label->pixmap().isNull() ? label->textFormat() : Qt::PlainText, Qt::PlainText);
    }

    void showsAlertsIfTheServerHasThem() {
        PlainServer server{1};
        QJsonObject alert{{"id"_L1, 7},
                          {"severity"_L1, "critical"_L1},
                          {"state"_L1, "open"_L1},
                          {"device_id"_L1, PlainServer::deviceId(0)},
                          {"device_name"_L1, "Device 0"_L1},
                          {"summary"_L1, "temperature_c is above 40."_L1},
                          {"raised_at"_L1, "2026-01-01T00:00:00Z"_L1}};
        server.on("GET /alerts", [&](const FakeRequest&) { return json(QJsonArray{alert}); });
        server.on("POST /alerts/7/acknowledge", [&](const FakeRequest&) {
            alert.insert("state"_L1, "acknowledged"_L1);
            alert.insert("acknowledged_by"_L1, "ada@example.com"_L1);
            return json(alert);
        });
        server.on("POST /alerts/7/resolve", [&](const FakeRequest&) {
            alert.insert("state"_L1, "resolved"_L1);
            return json(alert);
        });
        Person ada{server.address(), u"ada@example.com"_s, u"right password"_s};
        Live live{ada.api()};
        Alerts alerts{ada.api(), live};
        QVERIFY(!alerts.isSupported());
        alerts.load();
        QTRY_VERIFY(alerts.isSupported());
        QTRY_COMPARE(alerts.openCount(), 1);
        alerts.acknowledge(u"7"_s);
        QTRY_COMPARE(alerts.openCount(), 0);
        QCOMPARE(alerts.model().rowCount(), 1);
        alerts.resolve(u"7"_s);
        QTRY_COMPARE(alerts.model().rowCount(), 0);
    }
};

} // namespace breakwater::desktop::test

int main(int argc, char** argv) {
    return breakwater::desktop::test::runWithWindows<breakwater::desktop::test::PlainServerTest>(argc, argv);
}
#include "plain_server_test.moc"

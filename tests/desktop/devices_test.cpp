#include "core/export.hpp"
#include "support/desk.hpp"
#include "support/fake_server.hpp"
#include "widgets/chart_widget.hpp"
#include "widgets/create_dialog.hpp"
#include "widgets/device_actions.hpp"
#include "widgets/device_list.hpp"
#include "widgets/device_page.hpp"
#include "widgets/device_tree.hpp"
#include "widgets/field_picker.hpp"
#include "widgets/notice_bar.hpp"
#include "widgets/range_bar.hpp"
#include "widgets/secret_panel.hpp"

#include <QCheckBox>
#include <QClipboard>
#include <QFile>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>

using namespace Qt::StringLiterals;

namespace breakwater::desktop::test {

/// Tests of creating devices, device actions, readings and exports.
class DevicesTest : public QObject {
    Q_OBJECT

    std::unique_ptr<RealServer> m_server;
    std::unique_ptr<Person> m_person;
    std::unique_ptr<Desk> m_desk;

    MainWindow& window() { return m_desk->window(); }
    const Device* device(const QString& id) { return window().fleet().model().find(id); }

    CreateDialog* openWizard() {
        window().newDevice();
        return window().findChildren<CreateDialog*>().last();
    }

private Q_SLOTS:
    void init() {
        m_server = std::make_unique<RealServer>();
        m_person = std::make_unique<Person>(m_server->address(), adminEmail, adminPassword);
        m_desk = std::make_unique<Desk>(m_server->address());
        m_desk->start();
        QVERIFY(m_desk->signIn(adminEmail, adminPassword));
        QTRY_COMPARE(m_desk->client().live().state(), Live::State::Connected);
        QTRY_VERIFY(!window().fleet().isLoading());
    }

    void cleanup() {
        m_desk.reset();
        m_person.reset();
        m_server.reset();
    }

    void createsADevice() {
        CreateDialog* wizard = openWizard();
        auto* categories = wizard->findChild<QListWidget*>(u"categories"_s);
        QTRY_COMPARE(categories->count(), 5);
        auto* name = wizard->findChild<QLineEdit*>(u"name"_s);
        const QString suggestedName = name->text();
        QVERIFY(!suggestedName.isEmpty());
        categories->setCurrentRow(2);
        QVERIFY(name->text() != suggestedName); // the suggestion follows the category
        m_desk->type(*wizard, u"name"_s, u"Gate"_s);
        categories->setCurrentRow(0);
        QCOMPARE(name->text(), u"Gate"_s); // a typed name stays
        m_desk->click(*wizard, u"next"_s);
        auto* copyButton = wizard->findChild<QPushButton*>(u"copySecret"_s);
        QTRY_VERIFY(copyButton->isVisible());
        QTRY_COMPARE(window().devicePage().device(), window().list().tree().currentId());
        const QString id = window().devicePage().device();
        QCOMPARE(device(id)->name, u"Gate"_s);

        // Closing without copying the secret asks for confirmation; the test cancels.
        wizard->reject();
        QVERIFY(wizard->isVisible());
        QTRY_VERIFY(!wizard->findChildren<QDialog*>().isEmpty());
        wizard->findChildren<QDialog*>().last()->reject();
        QVERIFY(wizard->isVisible());

        window().clipboard().setLifetime(std::chrono::milliseconds{30});
        copyButton->click();
        const QString secret = QGuiApplication::clipboard()->text();
        QCOMPARE(m_person->upload({.deviceId = id, .deviceSecret = secret}, QJsonObject{{"a"_L1, 1}}), 201);
        QTRY_COMPARE(QGuiApplication::clipboard()->text(), QString{});
        wizard->reject();
        QTRY_VERIFY(window().findChildren<CreateDialog*>().isEmpty());
    }

    void keepsOtherClipboardContent() {
        window().clipboard().setLifetime(std::chrono::milliseconds{1});
        QSignalSpy cleared{&window().clipboard(), &ClipboardGuard::cleared};
        window().clipboard().copy(u"secret"_s);
        QGuiApplication::clipboard()->setText(u"a letter"_s);
        QTRY_COMPARE(cleared.size(), 1);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"a letter"_s);
    }

    void showsCommandsThatWork() {
        const auto roof = m_person->makeDevice(u"Roof"_s);
        const QString commands = curlLines(roof, {{"note"_L1, "it's"_L1}}, m_server->address());
        QProcess shell;
        shell.start(u"sh"_s, {u"-c"_s, commands});
        QVERIFY(shell.waitForFinished());
        const QByteArray output = shell.readAllStandardOutput();
        QVERIFY2(output.contains("received_at"), output.constData());
    }

    void renames() {
        const auto roof = m_person->makeDevice(u"Roof"_s);
        QTRY_VERIFY(device(roof.deviceId) != nullptr);
        window().list().tree().select(roof.deviceId);
        window().actions().rename.trigger();
        QVERIFY(m_desk->confirm(u"Tower"_s));
        QTRY_COMPARE(device(roof.deviceId)->name, u"Tower"_s);
        QTRY_VERIFY(window().notices().text().contains(u"to “Tower”"_s));
        window().list().filter().setText(u"TÓW"_s);
        QCOMPARE(window().list().filter().rowCount(), 1); // the search finds the new name
        window().list().filter().setText(u"roof"_s);
        QCOMPARE(window().list().filter().rowCount(), 0);
        window().list().filter().setText({});
    }

    void rotatesTheSecret() {
        const auto roof = m_person->makeDevice(u"Roof"_s);
        QTRY_VERIFY(device(roof.deviceId) != nullptr);
        window().list().tree().select(roof.deviceId);
        window().actions().rotate.trigger();
        QVERIFY(m_desk->confirm());
        QTRY_VERIFY(window().findChild<SecretDialog*>() != nullptr);
        auto* dialog = window().findChild<SecretDialog*>();
        dialog->findChild<QPushButton*>(u"copySecret"_s)->click();
        const QString secret = QGuiApplication::clipboard()->text();
        QCOMPARE(m_person->upload(roof, QJsonObject{}), 401);
        QCOMPARE(
            m_person->upload({.deviceId = roof.deviceId, .deviceSecret = secret}, QJsonObject{{"a"_L1, 1}}),
            201);
        QTRY_VERIFY(window().notices().text().contains("new secret"_L1));
    }

    void deactivatesAndReactivates() {
        const auto roof = m_person->makeDevice(u"Roof"_s);
        QTRY_VERIFY(device(roof.deviceId) != nullptr);
        window().list().tree().select(roof.deviceId);
        QVERIFY(!window().actions().reactivate.isEnabled());
        window().actions().deactivate.trigger();
        QVERIFY(m_desk->confirm());
        QTRY_VERIFY(device(roof.deviceId)->isBlocked());
        QCOMPARE(m_person->upload(roof, QJsonObject{}), 403);
        QTRY_VERIFY(window().actions().reactivate.isEnabled());
        window().actions().reactivate.trigger();
        QVERIFY(m_desk->confirm());
        QTRY_VERIFY(!device(roof.deviceId)->isBlocked());
        QCOMPARE(m_person->upload(roof, QJsonObject{{"a"_L1, 1}}), 201);
    }

    void invalidatesTokens() {
        const auto roof = m_person->makeDevice(u"Roof"_s);
        QTRY_VERIFY(device(roof.deviceId) != nullptr);
        window().list().tree().select(roof.deviceId);
        window().actions().invalidate.trigger();
        QVERIFY(m_desk->confirm());
        QTRY_VERIFY(window().notices().text().contains("no longer work"_L1));
        EventFilter filter;
        filter.eventType = u"device_token_invalidate"_s;
        const auto events = await<Page<SecurityEvent>>(
            [&](auto done) { m_person->api().securityEvents(filter, {}, 10, &m_person->context, done); });
        QVERIFY(events && events->items.size() == 1);
    }

    void deletes() {
        const auto roof = m_person->makeDevice(u"Roof"_s);
        const auto cellar = m_person->makeDevice(u"Cellar"_s);
        QTRY_VERIFY(device(roof.deviceId) != nullptr && device(cellar.deviceId) != nullptr);
        window().list().tree().select(roof.deviceId);
        window().actions().remove.trigger();
        QVERIFY(!m_desk->confirm()); // requires the name
        QVERIFY(m_desk->confirm(u"Roof"_s));
        QTRY_VERIFY(device(roof.deviceId) == nullptr);
        QVERIFY(window().devicePage().device() != roof.deviceId);
        QTRY_VERIFY(window().notices().text().contains("Deleted"_L1));
    }

    void reportsFailedActions() {
        const auto roof = m_person->makeDevice(u"Roof"_s);
        QTRY_VERIFY(device(roof.deviceId) != nullptr);
        window().list().tree().select(roof.deviceId);
        m_server->kill();
        window().actions().invalidate.trigger();
        QVERIFY(m_desk->confirm());
        QTRY_VERIFY(!window().notices().text().isEmpty());
        QVERIFY(device(roof.deviceId) != nullptr);
    }

    void showsReadingsLive() {
        const auto roof = m_person->makeDevice(u"Roof"_s);
        QTRY_VERIFY(device(roof.deviceId) != nullptr);
        window().list().tree().select(roof.deviceId);
        DeviceReadings& readings = window().devicePage().readings();
        QTRY_COMPARE(readings.total(), 0);
        QCOMPARE(readings.model().rowCount(), 0); // hides the simulated samples
        QCOMPARE(window().fleet().model().freshness(*device(roof.deviceId), QDateTime::currentDateTimeUtc()),
                 Freshness::Never);
        window().findChild<QCheckBox*>(u"simulated"_s)->click();
        QTRY_COMPARE(readings.model().rowCount(), 6);
        QTRY_COMPARE(readings.total(), 6);
        QTRY_VERIFY(readings.chart().points(u"metrics.temperature_c"_s).size() >= 1);
        QCOMPARE(m_person->upload(roof, QJsonObject{{"metrics"_L1, QJsonObject{{"temperature_c"_L1, 41.5}}}}),
                 201);
        QTRY_COMPARE(readings.model().rowCount(), 7);
        QCOMPARE(readings.total(), 7);
        QCOMPARE(readings.chart().points(u"metrics.temperature_c"_s).last().mean, 41.5);

        window().devicePage().fields().select({u"metrics.uv_index"_s});
        QTRY_COMPARE(readings.chart().fields(), QStringList{u"metrics.uv_index"_s});

        // A range in the past has no readings, and new readings do not get into it.
        RangeBar& range = window().devicePage().range();
        m_desk->type(range, u"since"_s, u"2020-01-01T00:00:00+01:00"_s);
        m_desk->type(range, u"until"_s, u"2020-02-01"_s);
        QTest::keyClick(range.findChild<QLineEdit*>(u"until"_s), Qt::Key_Return);
        QTRY_COMPARE(readings.total(), 0);
        QCOMPARE(readings.range().since, QDateTime(QDate(2019, 12, 31), QTime(23, 0), Qt::UTC));
        m_desk->type(range, u"since"_s, u"yesterday"_s);
        QTest::keyClick(range.findChild<QLineEdit*>(u"since"_s), Qt::Key_Return);
        QCOMPARE(readings.range().since, QDateTime(QDate(2019, 12, 31), QTime(23, 0), Qt::UTC)); // not a time
    }

    void addsLiveReadingsAfterTheSeries() {
        ChartData chart;
        chart.setFields({u"a"_s});
        // The step of one minute began ten seconds ago, so its point lies twenty seconds in the future.
        const QDateTime now = QDateTime::currentDateTimeUtc();
        Series series{.field = u"a"_s, .points = {}};
        series.points.push_back({.at = now.toMSecsSinceEpoch() + 20'000, .low = 1, .high = 3, .mean = 2});
        chart.assign(QList<Series>{series}, 60'000);
        Reading reading;
        reading.receivedAt = now;
        reading.payload.insert("a"_L1, 7);
        chart.add({reading});
        QCOMPARE(chart.points(u"a"_s).size(), 2);
        QCOMPARE(chart.points(u"a"_s).last().mean, 7.0);
        QVERIFY(chart.points(u"a"_s).first().at < chart.points(u"a"_s).last().at);
    }

    void bridgesTheUsualIntervalOfTheDevice() {
        constexpr qint64 minute = 60'000;
        constexpr qint64 hour = 60 * minute;
        constexpr qint64 defaultGap = 135'000;
        const auto pointsEvery = [](qint64 interval, int count, qint64 readings = 1) {
            QList<SeriesPoint> points;
            for (int n = 0; n < count; ++n)
                points.push_back({.at = n * interval, .count = readings});
            return points;
        };
        QCOMPARE(longestGapOf(pointsEvery(5 * minute, 12), 1000, defaultGap), 15 * minute);
        QCOMPARE(longestGapOf(pointsEvery(hour, 3), 5000, defaultGap), 3 * hour);
        QCOMPARE(longestGapOf(pointsEvery(24 * hour, 30, 24), 24 * hour, defaultGap), 36 * hour);
        QCOMPARE(longestGapOf(pointsEvery(1000, 100), 0, defaultGap), 3000);
        // One interval is not enough.
        QCOMPARE(longestGapOf(pointsEvery(hour, 2), 1000, defaultGap), defaultGap);
        QCOMPARE(longestGapOf({}, 1000, defaultGap), defaultGap);
        // Slow devices have a single line over 1 h, 3 h, 12 h and a week. An outage splits it.
        for (const qint64 interval : {5 * minute, hour})
            for (const qint64 length : {hour, 3 * hour, 12 * hour, 168 * hour}) {
                QList<SeriesPoint> points = pointsEvery(interval, static_cast<int>(length / interval));
                const auto lineCount = [&] {
                    int count = 0;
                    for (const PixelPoint& point :
                         decimate(points, 0, length, 0, 800, longestGapOf(points, 1000, defaultGap)))
                        count += point.joined ? 0 : 1;
                    return count;
                };
                QCOMPARE(lineCount(), 1);
                if (points.size() < 12)
                    continue;
                points.remove(points.size() / 2, 4);
                QCOMPARE(lineCount(), 2);
            }
    }

    void exportsTheRange() {
        const auto roof = m_person->makeDevice(u"Roof"_s);
        QJsonArray late;
        const QDateTime now = QDateTime::currentDateTimeUtc();
        for (int n = 1; n <= 1000; ++n)
            late.append(QJsonObject{{"payload"_L1, QJsonObject{{"note"_L1, "a \"b\"\nc"_L1}, {"n"_L1, n}}},
                                    {"device_timestamp"_L1, apiTime(now.addSecs(-60 * n))}});
        QCOMPARE(m_person->uploadLate(roof, late), 200);
        QTemporaryDir folder;
        const QString path = folder.filePath(u"readings.csv"_s);
        ReadingsExport csvExport{m_person->api(), path, roof.deviceId, TimeRange::last(3600), false, nullptr};
        QSignalSpy finished{&csvExport, &Export::finished};
        QSignalSpy progressed{&csvExport, &Export::progressed};
        csvExport.start();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(finished[0][0].toLongLong(), 1000);
        QCOMPARE(progressed.last()[1].toLongLong(), 1000);
        QFile file{path};
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll().count("a \"\"b\"\""), 1000);

        const QString second = folder.filePath(u"second.csv"_s);
        ReadingsExport cancelledExport{m_person->api(),       second, roof.deviceId,
                                       TimeRange::last(3600), false,  nullptr};
        QSignalSpy cancelled{&cancelledExport, &Export::cancelled};
        cancelledExport.start();
        cancelledExport.cancel();
        QCOMPARE(cancelled.size(), 1);
        QVERIFY(!QFile::exists(second));

        ReadingsExport failingExport{
            m_person->api(), u"/nowhere/at/all.csv"_s, roof.deviceId, TimeRange::last(60), false, nullptr};
        QSignalSpy failed{&failingExport, &Export::failed};
        failingExport.start();
        QCOMPARE(failed.size(), 1);
    }

    void exportsTheSecurityLog() {
        for (int n = 0; n < 6; ++n)
            m_person->makeDevice(u"Device %1"_s.arg(n));
        QTemporaryDir folder;
        EventFilter filter;
        filter.eventType = u"device_create"_s;
        EventsExport csvExport{m_person->api(), folder.filePath(u"events.csv"_s), filter, nullptr};
        QSignalSpy finished{&csvExport, &Export::finished};
        csvExport.start();
        QTRY_COMPARE(finished.size(), 1);
        QVERIFY(finished[0][0].toLongLong() >= 6);
    }
};

} // namespace breakwater::desktop::test

int main(int argc, char** argv) {
    return breakwater::desktop::test::runWithWindows<breakwater::desktop::test::DevicesTest>(argc, argv);
}
#include "devices_test.moc"

#include "support/real_server.hpp"
#include "widgets/chart_widget.hpp"
#include "widgets/client.hpp"
#include "widgets/confirm_dialog.hpp"
#include "widgets/create_dialog.hpp"
#include "widgets/device_actions.hpp"
#include "widgets/device_list.hpp"
#include "widgets/device_page.hpp"
#include "widgets/device_tree.hpp"
#include "widgets/field_picker.hpp"
#include "widgets/login_window.hpp"
#include "widgets/main_window.hpp"
#include "widgets/notice_bar.hpp"
#include "widgets/range_bar.hpp"
#include "widgets/security_page.hpp"
#include "widgets/style.hpp"
#include "widgets/users_page.hpp"

#include <QCheckBox>
#include <QDir>
#include <QJsonArray>
#include <QLineEdit>
#include <QPushButton>
#include <QRandomGenerator>

#include <cmath>

using namespace Qt::StringLiterals;

namespace breakwater::desktop::test {

namespace {

template <class T>
T* find(QWidget& parent, const QString& name) {
    return parent.findChild<T*>(name);
}

/// Late readings of a weather station: one day, every two minutes.
QJsonArray dayOfReadings() {
    QJsonArray readings;
    QRandomGenerator random{7};
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (int minute = 24 * 60; minute > 2; minute -= 2) {
        const double phase =
            2 * M_PI * (now.addSecs(-60 * minute).time().msecsSinceStartOfDay() / 86'400'000.0);
        const auto noise = [&](double width) { return (random.generateDouble() - 0.5) * width; };
        const auto round = [](double value) { return std::round(value * 10) / 10; };
        const QJsonObject metrics{
            {"temperature_c"_L1, round(14 - 6 * std::cos(phase - 0.6) + noise(0.9))},
            {"humidity_pct"_L1, round(64 + 18 * std::cos(phase - 0.6) + noise(3))},
            {"wind_speed_ms"_L1, round(std::abs(4 + 2.5 * std::sin(2 * phase) + noise(2.4)))},
            {"pressure_hpa"_L1, round(1012 + 4 * std::sin(phase / 2) + noise(0.3))},
            {"rainfall_mm"_L1, 0},
            {"uv_index"_L1, round(std::max(0.0, -5 * std::cos(phase)))}};
        readings.append(
            QJsonObject{{"payload"_L1, QJsonObject{{"status"_L1, "outdoor"_L1}, {"metrics"_L1, metrics}}},
                        {"device_timestamp"_L1, apiTime(now.addSecs(-60 * minute))}});
    }
    return readings;
}

} // namespace

/// Opens the main windows in the light and the dark scheme and grabs a picture of each. Saves the pictures in
/// the folder BREAKWATER_SCREENSHOTS, if that environment variable is set.
class ScreenshotsTest : public QObject {
    Q_OBJECT

    const QString m_folder = qEnvironmentVariable("BREAKWATER_SCREENSHOTS");

    void capture(QWidget& widget, const QString& name) const {
        QTest::qWait(0);
        const QPixmap picture = widget.grab();
        QVERIFY(!picture.isNull());
        if (!m_folder.isEmpty())
            QVERIFY(picture.toImage()
                        .convertToFormat(QImage::Format_RGB32)
                        .save(QDir{m_folder}.filePath(u"desktop-%1.png"_s.arg(name))));
    }

private Q_SLOTS:
    void mainWindows_data() {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }

    void mainWindows() {
        QFETCH(bool, dark);
        const QString suffix = dark ? u"-dark"_s : QString{};
        RealServer server{{{u"TELEMETRY_SIMULATION_ENABLED"_s, u"true"_s}}};
        Person admin{server.address(), adminEmail, adminPassword};
        const DeviceCredentials roof = admin.makeDevice(u"Roof station"_s);
        for (const auto& [name, category] :
             {std::pair{u"Harbour gate"_s, u"ip_camera"_s}, std::pair{u"Front door"_s, u"smart_lock"_s},
              std::pair{u"Lecture hall 2"_s, u"air_quality"_s},
              std::pair{u"Server room"_s, u"indoor_thermometer"_s},
              std::pair{u"Quay light"_s, u"ip_camera"_s}})
            admin.makeDevice(name, category);

        QCOMPARE(admin.uploadLate(roof, dayOfReadings()), 200);

        QTemporaryDir settings;
        Preferences preferences{settings.filePath(u"settings.ini"_s)};
        preferences.setServer(server.address().toString());
        preferences.setEmail(adminEmail);
        ColorScheme scheme{*qApp};
        preferences.setScheme(dark ? ColorScheme::Choice::Dark : ColorScheme::Choice::Light);
        NoVault vault;
        Client client{vault, preferences, scheme};
        client.start();
        QVERIFY(client.loginWindow() != nullptr);
        capture(*client.loginWindow(), u"sign-in"_s + suffix);
        find<QLineEdit>(*client.loginWindow(), u"password"_s)->setText(adminPassword);
        find<QPushButton>(*client.loginWindow(), u"go"_s)->click();
        QTRY_VERIFY(client.mainWindow() != nullptr);
        MainWindow& window = *client.mainWindow();
        window.resize(1280, 820);
        QTRY_VERIFY(window.fleet().model().rowCount() >= 6);
        QTRY_COMPARE(client.live().state(), Live::State::Connected);
        const QString blockedId = window.fleet().model().at(2).id;
        QVERIFY(
            await<void>([&](auto done) { admin.api().deactivateDevice(blockedId, &admin.context, done); }));
        window.list().tree().select(roof.deviceId);
        QTRY_VERIFY(window.devicePage().readings().model().rowCount() >= 6);
        QTRY_VERIFY(window.devicePage().readings().chart().points(u"metrics.temperature_c"_s).size() > 600);
        if (qEnvironmentVariableIsSet("BREAKWATER_SCREENSHOTS_WAIT"))
            QTest::qWait(qEnvironmentVariableIntValue("BREAKWATER_SCREENSHOTS_WAIT"));
        capture(window, u"fleet"_s + suffix);

        window.newDevice();
        auto* create = window.findChild<CreateDialog*>();
        QVERIFY(create != nullptr);
        capture(*create, u"create"_s + suffix);
        find<QPushButton>(*create, u"next"_s)->click();
        QTRY_VERIFY(create->findChild<QPushButton*>(u"copySecret"_s)->isVisible());
        capture(*create, u"secret"_s + suffix);
        create->findChild<QPushButton*>(u"copySecret"_s)->click();
        create->reject();

        window.actions().remove.trigger();
        auto* confirm = window.findChild<ConfirmDialog*>();
        QVERIFY(confirm != nullptr);
        capture(*confirm, u"confirm"_s + suffix);
        confirm->reject();

        const Request rule{.method = "POST",
                           .path = u"/alert-rules"_s,
                           .body = QJsonObject{{"name"_L1, "Server room too warm"_L1},
                                               {"severity"_L1, "critical"_L1},
                                               {"kind"_L1, "field"_L1},
                                               {"field"_L1, "metrics.temperature_c"_L1},
                                               {"test"_L1, "above"_L1},
                                               {"high"_L1, 40}}};
        QVERIFY(await<Response>([&](auto done) { admin.session().send(rule, &admin.context, done); }));
        const DeviceCredentials room = admin.makeDevice(u"Server room 2"_s, u"indoor_thermometer"_s);
        QCOMPARE(admin.upload(room, QJsonObject{{"metrics"_L1, QJsonObject{{"temperature_c"_L1, 47.5}}}}),
                 201);
        QTRY_VERIFY(window.alerts().openCount() > 0);
        window.showPage(MainWindow::AlertsPageIndex);
        capture(window, u"alerts"_s + suffix);

        window.showPage(MainWindow::SecurityPageIndex);
        QTRY_VERIFY(window.security().log().model().rowCount() > 5);
        capture(window, u"security"_s + suffix);
        window.showPage(MainWindow::UsersPageIndex);
        QTRY_VERIFY(window.users().model().rowCount() >= 1);
        capture(window, u"users"_s + suffix);
    }
};

} // namespace breakwater::desktop::test

int main(int argc, char** argv) {
    QApplication application{argc, argv};
    QApplication::setStyle(new breakwater::desktop::Style);
    breakwater::desktop::test::ScreenshotsTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "screenshots_test.moc"

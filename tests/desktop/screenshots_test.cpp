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
T* find(QWidget& in, const QString& name) {
    return in.findChild<T*>(name);
}

/// What a weather station kept while it was offline: a day, every two minutes.
QJsonArray aDay() {
    QJsonArray readings;
    QRandomGenerator random{7};
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (int minute = 24 * 60; minute > 2; minute -= 2) {
        const double turn =
            2 * M_PI * (now.addSecs(-60 * minute).time().msecsSinceStartOfDay() / 86'400'000.0);
        const auto noise = [&](double width) { return (random.generateDouble() - 0.5) * width; };
        const auto round = [](double value) { return std::round(value * 10) / 10; };
        const QJsonObject metrics{
            {"temperature_c"_L1, round(14 - 6 * std::cos(turn - 0.6) + noise(0.9))},
            {"humidity_pct"_L1, round(64 + 18 * std::cos(turn - 0.6) + noise(3))},
            {"wind_speed_ms"_L1, round(std::abs(4 + 2.5 * std::sin(2 * turn) + noise(2.4)))},
            {"pressure_hpa"_L1, round(1012 + 4 * std::sin(turn / 2) + noise(0.3))},
            {"rainfall_mm"_L1, 0},
            {"uv_index"_L1, round(std::max(0.0, -5 * std::cos(turn)))}};
        readings.append(
            QJsonObject{{"payload"_L1, QJsonObject{{"status"_L1, "outdoor"_L1}, {"metrics"_L1, metrics}}},
                        {"device_timestamp"_L1, apiTime(now.addSecs(-60 * minute))}});
    }
    return readings;
}

} // namespace

/// Goes through the main windows in light and dark, and takes their pictures: into the folder that
/// BREAKWATER_SCREENSHOTS names, where it names one.
class ScreenshotsTest : public QObject {
    Q_OBJECT

    const QString m_folder = qEnvironmentVariable("BREAKWATER_SCREENSHOTS");

    void take(QWidget& widget, const QString& name) const {
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
        const QString end = dark ? u"-dark"_s : QString{};
        RealServer server{{{u"TELEMETRY_SIMULATION_ENABLED"_s, u"true"_s}}};
        Person admin{server.address(), adminEmail, adminPassword};
        const DeviceCredentials roof = admin.makeDevice(u"Roof station"_s);
        for (const auto& [name, category] :
             {std::pair{u"Harbour gate"_s, u"ip_camera"_s}, std::pair{u"Front door"_s, u"smart_lock"_s},
              std::pair{u"Lecture hall 2"_s, u"air_quality"_s},
              std::pair{u"Server room"_s, u"indoor_thermometer"_s},
              std::pair{u"Quay light"_s, u"ip_camera"_s}})
            admin.makeDevice(name, category);

        QCOMPARE(admin.uploadLate(roof, aDay()), 200);

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
        take(*client.loginWindow(), u"sign-in"_s + end);
        find<QLineEdit>(*client.loginWindow(), u"password"_s)->setText(adminPassword);
        find<QPushButton>(*client.loginWindow(), u"go"_s)->click();
        QTRY_VERIFY(client.mainWindow() != nullptr);
        MainWindow& window = *client.mainWindow();
        window.resize(1280, 820);
        QTRY_VERIFY(window.fleet().model().rowCount() >= 6);
        QTRY_COMPARE(client.live().state(), Live::State::Connected);
        for (const Device& each : QList<Device>{window.fleet().model().at(2)})
            QVERIFY(
                await<void>([&](auto done) { admin.api().deactivateDevice(each.id, &admin.context, done); }));
        window.list().tree().choose(roof.deviceId);
        QTRY_VERIFY(window.devicePage().readings().model().rowCount() >= 6);
        QTRY_VERIFY(window.devicePage().readings().chart().points(u"metrics.temperature_c"_s).size() > 600);
        if (qEnvironmentVariableIsSet("BREAKWATER_SCREENSHOTS_WAIT"))
            QTest::qWait(qEnvironmentVariableIntValue("BREAKWATER_SCREENSHOTS_WAIT"));
        take(window, u"fleet"_s + end);

        window.newDevice();
        auto* create = window.findChild<CreateDialog*>();
        QVERIFY(create != nullptr);
        take(*create, u"create"_s + end);
        find<QPushButton>(*create, u"next"_s)->click();
        QTRY_VERIFY(create->findChild<QPushButton*>(u"copySecret"_s)->isVisible());
        take(*create, u"secret"_s + end);
        create->findChild<QPushButton*>(u"copySecret"_s)->click();
        create->reject();

        window.actions().remove.trigger();
        auto* confirm = window.findChild<ConfirmDialog*>();
        QVERIFY(confirm != nullptr);
        take(*confirm, u"confirm"_s + end);
        confirm->reject();

        const Request rule{.method = "POST",
                           .path = u"/alert-rules"_s,
                           .body = QJsonObject{{"name"_L1, "The server room is warm"_L1},
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
        take(window, u"alerts"_s + end);

        window.showPage(MainWindow::SecurityPageIndex);
        QTRY_VERIFY(window.security().log().model().rowCount() > 5);
        take(window, u"security"_s + end);
        window.showPage(MainWindow::UsersPageIndex);
        QTRY_VERIFY(window.users().model().rowCount() >= 1);
        take(window, u"users"_s + end);
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

#include "support/desk.hpp"
#include "widgets/device_list.hpp"
#include "widgets/device_page.hpp"
#include "widgets/device_tree.hpp"
#include "widgets/login_window.hpp"
#include "widgets/notice_bar.hpp"
#include "widgets/security_page.hpp"
#include "widgets/table.hpp"
#include "widgets/users_page.hpp"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace breakwater::desktop::test {

/// Tests of sign-in, registration, sessions and user administration.
class AccountsTest : public QObject {
    Q_OBJECT

    const QString m_email = u"ada@example.com"_s;
    const QString m_password = u"correct horse battery staple"_s;

private Q_SLOTS:
    void registersAndSignsInAgain() {
        RealServer server;
        Desk desk{server.address()};
        desk.start();
        LoginWindow& login = *desk.client().loginWindow();
        for (QPushButton* button : login.findChildren<QPushButton*>())
            if (button->text() == "No account yet? Register"_L1)
                button->click();
        desk.type(login, u"email"_s, m_email);
        desk.type(login, u"password"_s, m_password);
        desk.type(login, u"repeat"_s, u"something else"_s);
        desk.click(login, u"go"_s);
        QCOMPARE(login.findChild<QLabel*>(u"problem"_s)->text(), u"The passwords do not match."_s);
        desk.type(login, u"repeat"_s, m_password);
        desk.click(login, u"go"_s);
        QTRY_VERIFY(desk.client().mainWindow() != nullptr);
        QCOMPARE(desk.client().session().email(), m_email);
        QCOMPARE(desk.preferences().email(), m_email);

        Q_EMIT desk.window().signOutRequested();
        QTRY_VERIFY(desk.client().mainWindow() == nullptr);
        QVERIFY(desk.client().loginWindow() != nullptr);
        QVERIFY(!desk.signIn(m_email, u"wrong password"_s));
        QCOMPARE(desk.client().loginWindow()->findChild<QLabel*>(u"problem"_s)->text(),
                 u"Invalid e-mail address or password."_s);
        QVERIFY(desk.signIn(m_email, m_password));
    }

    void asksForThePasswordIfTheKeyringIsEmpty() {
        RealServer server;
        Person ada{server.address(), m_email, m_password, true};
        Desk desk{server.address()};
        desk.preferences().setEmail(m_email);
        desk.preferences().setRemembers(true);
        desk.start();
        LoginWindow& login = *desk.client().loginWindow();
        QVERIFY(login.isVisible());
        QVERIFY(!login.findChild<QPushButton*>(u"go"_s)->isEnabled());
        QTRY_VERIFY(login.findChild<QPushButton*>(u"go"_s)->isEnabled());
        QVERIFY(desk.signIn(m_email, m_password));
    }

    void warnsAboutServersWithoutTls() {
        Desk desk{QUrl{u"http://127.0.0.1:9"_s}};
        desk.start();
        LoginWindow& login = *desk.client().loginWindow();
        auto* warning = login.findChild<QLabel*>(u"open"_s);
        QVERIFY(!warning->isVisible());
        desk.type(login, u"server"_s, u"iot.example.com:8000"_s);
        QVERIFY(warning->isVisible());
        desk.type(login, u"server"_s, u"https://iot.example.com"_s);
        QVERIFY(!warning->isVisible());
    }

    void reportsAnUnreachableServer() {
        RealServer server;
        const QUrl address = server.address();
        server.kill();
        Desk desk{address};
        desk.start();
        QVERIFY(!desk.signIn(m_email, m_password));
        const QString problem = desk.client().loginWindow()->findChild<QLabel*>(u"problem"_s)->text();
        QVERIFY2(problem.contains("No server responds"_L1), qPrintable(problem));
    }

    void keepsTheWindowWhenTheSessionEnds() {
        RealServer server;
        Person admin{server.address(), adminEmail, adminPassword};
        Person ada{server.address(), m_email, m_password, true};
        const auto roof = ada.makeDevice(u"Roof"_s);
        QCOMPARE(ada.upload(roof, {{"temperature"_L1, 7}}), 201);
        Desk desk{server.address()};
        desk.client().live().setInitialWait(std::chrono::milliseconds{20});
        desk.start();
        QVERIFY(desk.signIn(m_email, m_password));
        MainWindow& window = desk.window();
        QTRY_COMPARE(window.devicePage().device(), roof.deviceId);
        QTRY_VERIFY(window.devicePage().readings().model().rowCount() > 0);
        QTRY_COMPARE(desk.client().live().state(), Live::State::Connected);

        const QString newPassword = u"another good password"_s;
        QVERIFY(await<User>([&](auto done) {
            admin.api().changeUser(ada.session().claims().userId, {.password = newPassword}, &admin.context,
                                   done);
        }));
        QTRY_VERIFY(desk.client().signInAgainDialog() != nullptr);
        QCOMPARE(window.fleet().model().rowCount(), 1);
        QVERIFY(window.devicePage().readings().model().rowCount() > 0);
        QVERIFY(window.notices().text().contains("session has ended"_L1));

        SignInAgainDialog& dialog = *desk.client().signInAgainDialog();
        desk.type(dialog, u"password"_s, m_password);
        desk.click(dialog, u"go"_s);
        QTRY_COMPARE(dialog.findChild<QLabel*>(u"problem"_s)->text(),
                     u"Invalid e-mail address or password."_s);
        desk.type(dialog, u"password"_s, newPassword);
        desk.click(dialog, u"go"_s);
        QTRY_COMPARE(desk.client().live().state(), Live::State::Connected);
        QCOMPARE(&desk.window(), &window);
        QCOMPARE(window.devicePage().device(), roof.deviceId);
        Person elsewhere{server.address(), m_email, newPassword};
        elsewhere.makeDevice(u"Cellar"_s);
        QTRY_COMPARE(window.fleet().model().rowCount(), 2);
    }

    void hidesAdministratorPagesFromUsers() {
        RealServer server;
        Person ada{server.address(), m_email, m_password, true};
        Desk desk{server.address()};
        desk.start();
        QVERIFY(desk.signIn(m_email, m_password));
        for (const QPushButton* button : desk.window().findChildren<QPushButton*>())
            if (button->text() == "Users"_L1 || button->text() == "Security log"_L1)
                QVERIFY(!button->isVisible());
    }

    void managesUsers() {
        RealServer server;
        Desk desk{server.address()};
        desk.start();
        QVERIFY(desk.signIn(adminEmail, adminPassword));
        MainWindow& window = desk.window();
        window.showPage(MainWindow::UsersPageIndex);
        UsersPage& users = window.users();
        const QAbstractItemModelTester tester{&users.model()};
        QTRY_COMPARE(users.model().rowCount(), 1);

        desk.click(users, u"newUser"_s);
        auto* dialog = window.findChild<UserDialog*>();
        desk.type(*dialog, u"userEmail"_s, u"grace@example.com"_s);
        desk.click(*dialog, u"saveUser"_s);
        QCOMPARE(dialog->findChild<QLabel*>(u"problem"_s)->text(),
                 u"Enter an e-mail address and a password."_s);
        desk.type(*dialog, u"userPassword"_s, u"short"_s);
        desk.click(*dialog, u"saveUser"_s);
        QTRY_VERIFY(dialog->findChild<QPushButton*>(u"saveUser"_s)->isEnabled());
        QCOMPARE(users.model().rowCount(), 1); // refused; the dialog stays open
        desk.type(*dialog, u"userPassword"_s, u"nanoseconds are short"_s);
        desk.click(*dialog, u"saveUser"_s);
        QTRY_COMPARE(users.model().rowCount(), 2);
        QCOMPARE(users.model().rows()[1].email, u"grace@example.com"_s);
        QVERIFY(window.notices().text().contains("grace@example.com"_L1));

        users.table().setCurrentIndex(users.model().index(1, 0));
        desk.click(users, u"changeUser"_s);
        QTRY_VERIFY(window.findChild<UserDialog*>() != nullptr);
        dialog = window.findChildren<UserDialog*>().last();
        dialog->findChild<QComboBox*>(u"userRole"_s)->setCurrentIndex(1);
        desk.click(*dialog, u"saveUser"_s);
        QTRY_COMPARE(users.model().rows()[1].role, u"admin"_s);

        users.table().setCurrentIndex(users.model().index(0, 0));
        QVERIFY(!users.findChild<QPushButton*>(u"deleteUser"_s)->isEnabled()); // the own account
        users.table().setCurrentIndex(users.model().index(1, 0));
        desk.click(users, u"deleteUser"_s);
        QVERIFY(!desk.confirm(u"grace"_s));
        QVERIFY(desk.confirm(u"grace@example.com"_s));
        QTRY_COMPARE(users.model().rowCount(), 1);
    }

    void filtersTheSecurityLogLive() {
        RealServer server;
        Desk desk{server.address()};
        desk.start();
        QVERIFY(desk.signIn(adminEmail, adminPassword));
        MainWindow& window = desk.window();
        QTRY_COMPARE(desk.client().live().state(), Live::State::Connected);
        window.showPage(MainWindow::SecurityPageIndex);
        EventModel& events = window.security().log().model();
        QTRY_VERIFY(events.rowCount() > 0);
        QCOMPARE(events.rows()[0].eventType, u"login"_s);
        for (const auto column : {EventModel::Actor, EventModel::Target})
            QVERIFY(events.index(0, column).data().toString().startsWith(adminEmail)); // not "user 1"
        window.security().findChild<QComboBox*>(u"eventType"_s)->setCurrentText(u"login"_s);
        window.security().findChild<QComboBox*>(u"eventStatus"_s)->setCurrentIndex(2); // denied
        QTRY_COMPARE(events.rowCount(), 0);
        NoVault vault;
        Session stranger{vault};
        stranger.setServer(server.address());
        QVERIFY(!await<void>([&](auto done) { stranger.signIn(adminEmail, u"wrong"_s, false, this, done); }));
        QTRY_COMPARE(events.rowCount(), 1); // arrives live
        QCOMPARE(events.rows()[0].status, u"denied"_s);
    }
};

} // namespace breakwater::desktop::test

int main(int argc, char** argv) {
    return breakwater::desktop::test::runWithWindows<breakwater::desktop::test::AccountsTest>(argc, argv);
}
#include "accounts_test.moc"

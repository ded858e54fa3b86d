#include "support/desk.hpp"

#include "widgets/confirm_dialog.hpp"
#include "widgets/login_window.hpp"
#include "widgets/style.hpp"

#include <QLineEdit>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace breakwater::desktop::test {

void setClientStyle() {
    QApplication::setStyle(new Style);
}

Desk::Desk(const QUrl& server, const QString& language) {
    m_preferences.setServer(server.toString());
    m_preferences.setLanguage(language);
    m_client = std::make_unique<Client>(m_vault, m_preferences, m_scheme);
}

Desk::~Desk() = default;

void Desk::start() {
    m_client->start();
}

void Desk::type(QWidget& parent, const QString& field, const QString& text) {
    auto* line = parent.findChild<QLineEdit*>(field);
    if (line == nullptr)
        qFatal("there is no field %s", qPrintable(field));
    line->clear();
    QTest::keyClicks(line, text);
}

void Desk::click(QWidget& parent, const QString& button) {
    auto* pushButton = parent.findChild<QPushButton*>(button);
    if (pushButton == nullptr)
        qFatal("there is no button %s", qPrintable(button));
    QTest::mouseClick(pushButton, Qt::LeftButton);
}

bool Desk::signIn(const QString& email, const QString& password) {
    LoginWindow& login = *m_client->loginWindow();
    type(login, u"email"_s, email);
    type(login, u"password"_s, password);
    click(login, u"go"_s);
    return QTest::qWaitFor([&] {
               return m_client->mainWindow() != nullptr ||
                      (m_client->session().state() == Session::State::SignedOut &&
                       login.findChild<QWidget*>(u"problem"_s)->isVisible());
           }) &&
           m_client->mainWindow() != nullptr;
}

bool Desk::confirm(const QString& text) {
    for (QDialog* dialog : window().findChildren<QDialog*>()) {
        auto* confirmButton = dialog->findChild<QPushButton*>(u"yes"_s);
        if (confirmButton == nullptr || !dialog->isVisible())
            continue;
        if (!text.isEmpty()) {
            auto* line = dialog->findChild<QLineEdit*>();
            line->clear();
            QTest::keyClicks(line, text);
        }
        if (!confirmButton->isEnabled())
            return false;
        QTest::mouseClick(confirmButton, Qt::LeftButton);
        return true;
    }
    return false;
}

} // namespace breakwater::desktop::test

#include "support/desk.hpp"

#include "widgets/confirm_dialog.hpp"
#include "widgets/login_window.hpp"
#include "widgets/style.hpp"

#include <QLineEdit>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace breakwater::desktop::test {

void useOurStyle() {
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

void Desk::type(QWidget& in, const QString& field, const QString& text) {
    auto* line = in.findChild<QLineEdit*>(field);
    if (line == nullptr)
        qFatal("there is no field %s", qPrintable(field));
    line->clear();
    QTest::keyClicks(line, text);
}

void Desk::click(QWidget& in, const QString& button) {
    auto* found = in.findChild<QPushButton*>(button);
    if (found == nullptr)
        qFatal("there is no button %s", qPrintable(button));
    QTest::mouseClick(found, Qt::LeftButton);
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

bool Desk::confirm(const QString& typed) {
    for (QDialog* dialog : window().findChildren<QDialog*>()) {
        auto* yes = dialog->findChild<QPushButton*>(u"yes"_s);
        if (yes == nullptr || !dialog->isVisible())
            continue;
        if (!typed.isEmpty()) {
            auto* line = dialog->findChild<QLineEdit*>();
            line->clear();
            QTest::keyClicks(line, typed);
        }
        if (!yes->isEnabled())
            return false;
        QTest::mouseClick(yes, Qt::LeftButton);
        return true;
    }
    return false;
}

} // namespace breakwater::desktop::test

#include "widgets/client.hpp"

#include "widgets/login_window.hpp"
#include "widgets/main_window.hpp"
#include "widgets/notice_bar.hpp"

#include <QCoreApplication>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

Client::Client(TokenVault& vault, Preferences& preferences, ColorScheme& scheme, QObject* parent)
    : QObject{parent},
      m_preferences{preferences},
      m_scheme{scheme},
      m_session{
          vault,
          {.find = [&preferences](const QString& account) { return preferences.deviceCookie(account); },
           .keep = [&preferences](const QString& account,
                                  const QString& cookie) { preferences.setDeviceCookie(account, cookie); }}} {
    m_scheme.choose(m_preferences.scheme());
    speak(m_preferences.language());
    connect(&m_session, &Session::stateChanged, this, [this](Session::State state) {
        if (state == Session::State::Ended && m_main != nullptr) {
            m_main->pause();
            signInAgain();
        }
    });
    connect(&vault, &TokenVault::availabilityKnown, this, [this](bool available) {
        if (!available && m_main != nullptr && !m_keyring)
            m_main->notices().warn(
                tr("This computer has no keyring that opens, so you stay signed in until you close the "
                   "program."));
        m_keyring = true; // told once
    });
}

Client::~Client() = default;

SignInAgainDialog* Client::signInAgainDialog() const {
    return m_again;
}

void Client::speak(const QString& language) {
    QCoreApplication::removeTranslator(&m_translator);
    const QLocale locale = language.isEmpty() ? QLocale::system() : QLocale{language};
    QLocale::setDefault(locale); // numbers, names of months and the order of names, too
    // English has a file too, for its plurals.
    if (m_translator.load(locale, u"breakwater"_s, u"_"_s, u":/i18n"_s) ||
        m_translator.load(u":/i18n/breakwater_en.qm"_s))
        QCoreApplication::installTranslator(&m_translator);
}

void Client::start() {
    m_session.setServer(serverAddress(m_preferences.server()));
    if (!m_preferences.remembers() || m_preferences.email().isEmpty() || !m_session.server().isValid())
        return showLogin({});
    showLogin({});
    m_login->form().setBusy(true);
    m_session.resume(m_preferences.email(), this, [this](const Answer<void>& answer) {
        m_login->form().setBusy(false);
        if (answer)
            return showMain();
        if (answer.error().unreachable)
            m_login->form().say(answer.error().detail);
        m_login->form().focus();
    });
}

void Client::showLogin(const QString& problem) {
    m_login = std::make_unique<LoginWindow>(m_session);
    SignInForm& form = m_login->form();
    form.setServer(m_preferences.server());
    form.setEmail(m_preferences.email());
    form.setRemember(m_preferences.remembers());
    form.say(problem);
    connect(&form, &SignInForm::signedIn, this, [this, &form] {
        m_preferences.setServer(form.server());
        m_preferences.setEmail(form.email());
        m_preferences.setRemembers(form.remembers());
        showMain();
    });
    m_login->show();
}

void Client::showMain() {
    m_main = std::make_unique<MainWindow>(m_api, m_live, m_preferences, m_scheme);
    connect(m_main.get(), &MainWindow::signOutWanted, this, &Client::signOut);
    connect(m_main.get(), &MainWindow::signInWanted, this, &Client::signInAgain);
    connect(m_main.get(), &MainWindow::languageChosen, this, [this](const QString& language) {
        speak(language);
        translateMain();
    });
    m_main->begin(false);
    m_main->show();
    if (m_login != nullptr)
        m_login.release()->deleteLater(); // the caller may be one of its signals
}

void Client::translateMain() {
    // Each text was made in the language of its time: all of the window is made anew, and goes on where it
    // was. What is open above it, a secret that is shown once, say, keeps the menu out of reach.
    const MainWindow::Place place = m_main->place();
    m_main->remember();
    MainWindow* before = m_main.release();
    showMain();
    m_main->goTo(place);
    m_main->clipboard().takeOver(before->clipboard());
    before->hide();
    before->deleteLater(); // the caller is one of its signals
}

void Client::signInAgain() {
    if (m_again != nullptr || m_main == nullptr || m_session.state() != Session::State::Ended)
        return;
    m_again = new SignInAgainDialog{m_session, m_main.get()};
    m_again->form().setRemember(m_preferences.remembers());
    connect(m_again, &QDialog::accepted, this, [this] { m_main->begin(true); });
    connect(m_again, &SignInAgainDialog::signOutWanted, this, &Client::signOut);
    m_again->open();
}

void Client::signOut() {
    m_live.stop();
    m_session.signOut();
    m_preferences.setRemembers(false);
    showLogin({});
    if (m_main != nullptr) {
        m_main->close();
        m_main.release()->deleteLater(); // the caller may be one of its signals
    }
}

} // namespace breakwater::desktop

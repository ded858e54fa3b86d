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
      m_session{vault,
                {.find = [&preferences](const QString& account) { return preferences.deviceCookie(account); },
                 .store =
                     [&preferences](const QString& account, const QString& cookie) {
                         preferences.setDeviceCookie(account, cookie);
                     }}} {
    m_scheme.setChoice(m_preferences.scheme());
    setLanguage(m_preferences.language());
    connect(&m_session, &Session::stateChanged, this, [this](Session::State state) {
        if (state == Session::State::Ended && m_main != nullptr) {
            m_main->pause();
            signInAgain();
        }
    });
    connect(&vault, &TokenVault::availabilityKnown, this, [this](bool available) {
        if (!available && m_main != nullptr && !m_keyringReported)
            m_main->notices().warn(
                tr("No keyring is available on this computer. You stay signed in only until you close the "
                   "program."));
        m_keyringReported = true;
    });
}

Client::~Client() = default;

SignInAgainDialog* Client::signInAgainDialog() const {
    return m_signInAgain;
}

void Client::setLanguage(const QString& language) {
    QCoreApplication::removeTranslator(&m_translator);
    const QLocale locale = language.isEmpty() ? QLocale::system() : QLocale{language};
    QLocale::setDefault(locale); // also for numbers, month names and sorting
    // English has a translation file for its plurals.
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
            m_login->form().showProblem(answer.error().detail);
        m_login->form().focus();
    });
}

void Client::showLogin(const QString& problem) {
    m_login = std::make_unique<LoginWindow>(m_session);
    SignInForm& form = m_login->form();
    form.setServer(m_preferences.server());
    form.setEmail(m_preferences.email());
    form.setRemember(m_preferences.remembers());
    form.showProblem(problem);
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
    connect(m_main.get(), &MainWindow::signOutRequested, this, &Client::signOut);
    connect(m_main.get(), &MainWindow::signInRequested, this, &Client::signInAgain);
    connect(m_main.get(), &MainWindow::languageChosen, this, [this](const QString& language) {
        setLanguage(language);
        translateMain();
    });
    m_main->start(false);
    m_main->show();
    if (m_login != nullptr)
        m_login.release()->deleteLater(); // this call may come from one of its signals
}

void Client::translateMain() {
    // Widgets keep the language of their creation, so this creates a new window and restores its state. Modal
    // dialogs, such as one that shows a secret, cannot be lost: they block the menu.
    const MainWindow::ViewState state = m_main->viewState();
    m_main->saveLayout();
    MainWindow* previous = m_main.release();
    showMain();
    m_main->restoreView(state);
    m_main->clipboard().takeOver(previous->clipboard());
    previous->hide();
    previous->deleteLater(); // this call comes from one of its signals
}

void Client::signInAgain() {
    if (m_signInAgain != nullptr || m_main == nullptr || m_session.state() != Session::State::Ended)
        return;
    m_signInAgain = new SignInAgainDialog{m_session, m_main.get()};
    m_signInAgain->form().setRemember(m_preferences.remembers());
    connect(m_signInAgain, &QDialog::accepted, this, [this] { m_main->start(true); });
    connect(m_signInAgain, &SignInAgainDialog::signOutRequested, this, &Client::signOut);
    m_signInAgain->open();
}

void Client::signOut() {
    m_live.stop();
    m_session.signOut();
    m_preferences.setRemembers(false);
    showLogin({});
    if (m_main != nullptr) {
        m_main->close();
        m_main.release()->deleteLater(); // this call may come from one of its signals
    }
}

} // namespace breakwater::desktop

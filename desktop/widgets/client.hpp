#pragma once

#include "core/live.hpp"
#include "core/token_vault.hpp"
#include "widgets/preferences.hpp"

#include <QPointer>
#include <QTranslator>

#include <memory>

namespace breakwater::desktop {

class LoginWindow;
class MainWindow;
class SignInAgainDialog;

/// The application: owns the session and decides which window is open.
class Client : public QObject {
    Q_OBJECT
public:
    Client(TokenVault& vault, Preferences& preferences, ColorScheme& scheme, QObject* parent = nullptr);
    ~Client() override;

    /// Resumes the stored session, or shows the sign-in window.
    void start();

    [[nodiscard]] Session& session() { return m_session; }
    [[nodiscard]] Live& live() { return m_live; }
    [[nodiscard]] LoginWindow* loginWindow() const { return m_login.get(); }
    [[nodiscard]] MainWindow* mainWindow() const { return m_main.get(); }
    [[nodiscard]] SignInAgainDialog* signInAgainDialog() const;

private:
    void showLogin(const QString& problem);
    void showMain();
    /// Replaces the main window with one in the current language.
    void translateMain();
    void signInAgain();
    void signOut();
    void setLanguage(const QString& language);

    Preferences& m_preferences;
    ColorScheme& m_scheme;
    Session m_session;
    Api m_api{m_session};
    Live m_live{m_api};
    QTranslator m_translator;
    std::unique_ptr<LoginWindow> m_login;
    std::unique_ptr<MainWindow> m_main;
    QPointer<SignInAgainDialog> m_signInAgain;
    bool m_keyringReported = false;
};

} // namespace breakwater::desktop

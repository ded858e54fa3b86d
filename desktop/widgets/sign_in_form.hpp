#pragma once

#include "core/session.hpp"

#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace breakwater::desktop {

/// Form to sign in to a server or to create an account.
class SignInForm : public QWidget {
    Q_OBJECT
public:
    explicit SignInForm(Session& session, QWidget* parent = nullptr);

    void setServer(const QString& address);
    void setEmail(const QString& email);
    void setRemember(bool remember);
    /// Only allows a sign-in to the current account: the server and the e-mail address are fixed, and
    /// registration is hidden.
    void lockAccount();
    void focus();
    /// Disables the form during a sign-in.
    void setBusy(bool busy);
    void showProblem(const QString& text);
    [[nodiscard]] QString server() const;
    [[nodiscard]] QString email() const;
    [[nodiscard]] bool remembers() const;

Q_SIGNALS:
    void signedIn();

private:
    void setRegistering(bool registering);
    void submit();

    Session& m_session;
    QLabel* m_title;
    QLineEdit* m_server;
    QLineEdit* m_email;
    QLineEdit* m_password;
    QLineEdit* m_repeat;
    QLabel* m_repeatLabel;
    QCheckBox* m_remember;
    QLabel* m_insecureWarning; ///< shown for a remote server without TLS
    QLabel* m_problem;
    QPushButton* m_submit;
    QPushButton* m_switchMode;
    bool m_registering = false;
    bool m_accountLocked = false;
};

} // namespace breakwater::desktop

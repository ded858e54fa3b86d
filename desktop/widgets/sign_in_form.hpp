#pragma once

#include "core/session.hpp"

#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace breakwater::desktop {

/// Asks who one is and at which server; signs in, or makes an account.
class SignInForm : public QWidget {
    Q_OBJECT
public:
    explicit SignInForm(Session& session, QWidget* parent = nullptr);

    void setServer(const QString& address);
    void setEmail(const QString& email);
    void setRemember(bool remember);
    /// The same person again: neither server nor address can be changed, no account be made.
    void setAgain();
    void focus();
    /// While one is being signed in, nothing can be typed.
    void setBusy(bool busy);
    void say(const QString& text);
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
    QLabel* m_open; ///< warns of a server that is reached without TLS
    QLabel* m_problem;
    QPushButton* m_go;
    QPushButton* m_other;
    bool m_registering = false;
    bool m_again = false;
};

} // namespace breakwater::desktop

#pragma once

#include "widgets/sign_in_form.hpp"

#include <QDialog>

namespace breakwater::desktop {

/// The sign-in window, shown at startup.
class LoginWindow : public QWidget {
    Q_OBJECT
public:
    explicit LoginWindow(Session& session, QWidget* parent = nullptr);

    [[nodiscard]] SignInForm& form() { return *m_form; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    SignInForm* m_form;
};

/// Shown over the main window when the session has ended. The main window keeps its content.
class SignInAgainDialog : public QDialog {
    Q_OBJECT
public:
    SignInAgainDialog(Session& session, QWidget* parent);

    [[nodiscard]] SignInForm& form() { return *m_form; }

Q_SIGNALS:
    void signOutRequested();

private:
    SignInForm* m_form;
};

} // namespace breakwater::desktop

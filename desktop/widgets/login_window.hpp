#pragma once

#include "widgets/sign_in_form.hpp"

#include <QDialog>

namespace breakwater::desktop {

/// The first window.
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

/// Over the main window, where a session has ended: what is on screen stays.
class SignInAgainDialog : public QDialog {
    Q_OBJECT
public:
    SignInAgainDialog(Session& session, QWidget* parent);

    [[nodiscard]] SignInForm& form() { return *m_form; }

Q_SIGNALS:
    void signOutWanted();

private:
    SignInForm* m_form;
};

} // namespace breakwater::desktop

#pragma once

#include "core/api.hpp"
#include "core/user_model.hpp"

#include <QDialog>
#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace breakwater::desktop {

class NoticeBar;
class Table;

/// Creates, changes and deletes accounts.
class UsersPage : public QWidget {
    Q_OBJECT
public:
    UsersPage(const Api& api, NoticeBar& notices, QWidget* parent = nullptr);

    void load();
    void clear();
    [[nodiscard]] UserModel& model() { return m_model; }
    [[nodiscard]] Table& table() { return *m_table; }

private:
    [[nodiscard]] const User* selectedUser() const;
    void edit(const User* user);
    void remove();
    void update();

    Api m_api;
    NoticeBar& m_notices;
    UserModel m_model;
    Table* m_table;
    QPushButton* m_change;
    QPushButton* m_remove;
};

/// Creates or changes an account. An empty password field keeps the current password.
class UserDialog : public QDialog {
    Q_OBJECT
public:
    UserDialog(const Api& api, const User* user, QWidget* parent);

Q_SIGNALS:
    void saved(const breakwater::desktop::User& user, bool passwordChanged);

private:
    void save();

    Api m_api;
    User m_user; ///< id 0: a new account
    QLineEdit* m_email;
    QLineEdit* m_password;
    QComboBox* m_role;
    QLabel* m_problem;
    QPushButton* m_save;
};

} // namespace breakwater::desktop

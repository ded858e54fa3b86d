#include "widgets/users_page.hpp"

#include "widgets/confirm_dialog.hpp"
#include "widgets/labels.hpp"
#include "widgets/notice_bar.hpp"
#include "widgets/table.hpp"

#include <QComboBox>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QLineEdit>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

UsersPage::UsersPage(const Api& api, NoticeBar& notices, QWidget* parent)
    : QWidget{parent},
      m_api{api},
      m_notices{notices},
      m_table{new Table{tr("Accounts")}},
      m_change{makeButton(tr("Change…"))},
      m_remove{makeButton(tr("Delete…"), "danger")} {
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins({});
    auto* head = new QHBoxLayout;
    head->addWidget(titleLabel(tr("Users"), 1.4), 1);
    auto* create = makeButton(tr("New user…"), "primary");
    create->setObjectName(u"newUser"_s);
    m_change->setObjectName(u"changeUser"_s);
    m_remove->setObjectName(u"deleteUser"_s);
    head->addWidget(m_change);
    head->addWidget(m_remove);
    head->addWidget(create);
    layout->addLayout(head);
    m_table->setModel(&m_model);
    m_table->horizontalHeader()->resizeSection(UserModel::Email, 320);
    m_table->horizontalHeader()->resizeSection(UserModel::Role, 160);
    m_table->horizontalHeader()->setStretchLastSection(true);
    layout->addWidget(m_table, 1);
    connect(create, &QPushButton::clicked, this, [this] { edit(nullptr); });
    connect(m_change, &QPushButton::clicked, this, [this] { edit(selectedUser()); });
    connect(m_remove, &QPushButton::clicked, this, &UsersPage::remove);
    connect(m_table, &QTableView::doubleClicked, this, [this] { edit(selectedUser()); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &UsersPage::update);
    update();
}

void UsersPage::load() {
    m_api.users(this, [this](const Answer<QList<User>>& users) {
        if (!users)
            return m_notices.warn(users.error().detail);
        m_model.assign(*users);
        update();
    });
}

void UsersPage::clear() {
    m_model.assign({});
}

const User* UsersPage::selectedUser() const {
    const QModelIndex index = m_table->currentIndex();
    return index.isValid() ? &m_model.rows()[index.row()] : nullptr;
}

void UsersPage::update() {
    const User* user = selectedUser();
    m_change->setEnabled(user != nullptr);
    m_remove->setEnabled(user != nullptr && user->id != m_api.session().claims().userId);
}

void UsersPage::edit(const User* user) {
    auto* dialog = new UserDialog{m_api, user, window()};
    connect(dialog, &UserDialog::saved, this,
            [this, isNew = user == nullptr](const User& saved, bool passwordChanged) {
                m_model.put(saved);
                update();
                m_notices.inform(
                    isNew ? tr("Created the account %1.").arg(saved.email)
                    : passwordChanged
                        ? tr("Changed the password of %1 and ended all its sessions.").arg(saved.email)
                        : tr("Saved the account %1.").arg(saved.email));
            });
    dialog->open();
}

void UsersPage::remove() {
    const User* user = selectedUser();
    if (user == nullptr)
        return;
    const Question question{.title = tr("Delete %1?").arg(user->email),
                            .text =
                                tr("This permanently deletes the account with all its devices and readings."),
                            .action = tr("Delete"),
                            .dangerous = true,
                            .requiredText = user->email};
    ConfirmDialog::ask(window(), question, [this, account = *user] {
        m_api.deleteUser(account.id, this, [this, account](const Answer<void>& done) {
            if (!done)
                return m_notices.warn(done.error().detail);
            m_model.remove(account.id);
            update();
            m_notices.inform(tr("Deleted %1 and all its devices.").arg(account.email));
        });
    });
}

UserDialog::UserDialog(const Api& api, const User* user, QWidget* parent)
    : QDialog{parent},
      m_api{api},
      m_user{user == nullptr ? User{} : *user},
      m_email{new QLineEdit{m_user.email}},
      m_password{new QLineEdit},
      m_role{new QComboBox},
      m_problem{plainLabel()},
      m_save{makeButton(m_user.id == 0 ? tr("Create account") : tr("Save"), "primary")} {
    const QString title = m_user.id == 0 ? tr("New user") : tr("Change %1").arg(m_user.email);
    setWindowTitle(title);
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(420);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(20, 18, 20, 16);
    layout->addWidget(titleLabel(title, 1.2));
    layout->addWidget(mutedLabel(tr("E-mail address")));
    layout->addWidget(m_email);
    layout->addWidget(mutedLabel(m_user.id == 0 ? tr("Password (8 to 128 characters)")
                                                : tr("New password (leave empty to keep the current one)")));
    layout->addWidget(m_password);
    layout->addWidget(mutedLabel(tr("Role")));
    layout->addWidget(m_role);
    m_problem->setWordWrap(true);
    layout->addWidget(m_problem);
    m_problem->setObjectName(u"problem"_s);
    m_email->setObjectName(u"userEmail"_s);
    m_password->setObjectName(u"userPassword"_s);
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setMaxLength(128);
    m_role->setObjectName(u"userRole"_s);
    m_role->addItem(tr("User"), u"user"_s);
    m_role->addItem(tr("Administrator"), u"admin"_s);
    m_role->setCurrentIndex(m_user.role == "admin"_L1 ? 1 : 0);
    auto* row = new QHBoxLayout;
    auto* cancel = makeButton(tr("Cancel"));
    row->addStretch(1);
    row->addWidget(cancel);
    row->addWidget(m_save);
    layout->addLayout(row);
    m_save->setObjectName(u"saveUser"_s);
    m_save->setDefault(true);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &UserDialog::save);
}

void UserDialog::save() {
    const bool isNew = m_user.id == 0;
    const QString email = m_email->text().trimmed();
    const QString password = m_password->text();
    const QString role = m_role->currentData().toString();
    if (isNew && (email.isEmpty() || password.isEmpty()))
        return m_problem->setText(tr("Enter an e-mail address and a password."));
    messages::UpdateUserRequest changes;
    if (email != m_user.email)
        changes.email = email;
    if (!password.isEmpty())
        changes.password = password;
    if (role != m_user.role)
        changes.role = role;
    if (!changes.email && !changes.password && !changes.role)
        return reject();
    m_save->setEnabled(false);
    const auto done = [this, passwordChanged = changes.password.has_value()](const Answer<User>& user) {
        m_save->setEnabled(true);
        if (!user)
            return m_problem->setText(user.error().detail);
        Q_EMIT saved(*user, passwordChanged);
        accept();
    };
    if (isNew)
        m_api.createUser({.email = email, .password = password, .role = role}, this, done);
    else
        m_api.changeUser(m_user.id, changes, this, done);
}

} // namespace breakwater::desktop

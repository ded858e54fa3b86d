#include "widgets/sign_in_form.hpp"

#include "widgets/labels.hpp"

#include <QCheckBox>
#include <QHostAddress>
#include <QLineEdit>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

constexpr int minPasswordLength = 8;
constexpr int maxPasswordLength = 128;

/// Whether others on the network could read the password.
bool isUnencrypted(const QUrl& server) {
    const QString host = server.host();
    const bool isLocal = host == "localhost"_L1 || QHostAddress{host}.isLoopback();
    return server.scheme() == "http"_L1 && !isLocal;
}

} // namespace

SignInForm::SignInForm(Session& session, QWidget* parent)
    : QWidget{parent},
      m_session{session},
      m_title{titleLabel({}, 1.35)},
      m_server{new QLineEdit},
      m_email{new QLineEdit},
      m_password{new QLineEdit},
      m_repeat{new QLineEdit},
      m_repeatLabel{mutedLabel(tr("Repeat password"))},
      m_remember{new QCheckBox{tr("Stay signed in on this computer")}},
      m_insecureWarning{plainLabel(
          tr("Not encrypted: others on the network can read your password. Use https:// instead."))},
      m_problem{plainLabel()},
      m_submit{makeButton({}, "primary")},
      m_switchMode{makeButton({}, "plain")} {
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins({});
    layout->setSpacing(4);
    layout->addWidget(m_title);
    layout->addSpacing(8);
    const auto field = [&](QLabel* label, QLineEdit* line, const QString& name) {
        layout->addWidget(label);
        layout->addWidget(line);
        layout->addSpacing(6);
        line->setObjectName(name);
        line->setAccessibleName(label->text());
        connect(line, &QLineEdit::returnPressed, this, &SignInForm::submit);
    };
    field(mutedLabel(tr("Server")), m_server, u"server"_s);
    field(mutedLabel(tr("E-mail address")), m_email, u"email"_s);
    field(mutedLabel(tr("Password")), m_password, u"password"_s);
    field(m_repeatLabel, m_repeat, u"repeat"_s);
    m_insecureWarning->setObjectName(u"open"_s);
    m_insecureWarning->setWordWrap(true);
    m_insecureWarning->hide();
    layout->insertWidget(layout->indexOf(m_server) + 1, m_insecureWarning);
    connect(m_server, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_insecureWarning->setVisible(isUnencrypted(serverAddress(text)));
    });
    m_server->setInputMethodHints(Qt::ImhUrlCharactersOnly);
    m_email->setInputMethodHints(Qt::ImhEmailCharactersOnly);
    for (QLineEdit* line : {m_password, m_repeat}) {
        line->setEchoMode(QLineEdit::Password);
        line->setMaxLength(maxPasswordLength);
    }
    m_remember->setToolTip(
        tr("Stores a token in the keyring of this computer, if it has one. Never stores the password."));
    layout->addWidget(m_remember);
    layout->addSpacing(6);
    m_problem->setWordWrap(true);
    m_problem->setObjectName(u"problem"_s);
    layout->addWidget(m_problem);
    m_submit->setObjectName(u"go"_s);
    layout->addWidget(m_submit);
    layout->addWidget(m_switchMode);
    layout->addStretch(1);
    connect(m_submit, &QPushButton::clicked, this, &SignInForm::submit);
    connect(m_switchMode, &QPushButton::clicked, this, [this] { setRegistering(!m_registering); });
    setRegistering(false);
    showProblem({});
}

void SignInForm::setServer(const QString& address) {
    m_server->setText(address);
}

void SignInForm::setEmail(const QString& email) {
    m_email->setText(email);
}

void SignInForm::setRemember(bool remember) {
    m_remember->setChecked(remember);
}

void SignInForm::lockAccount() {
    m_accountLocked = true;
    m_server->setEnabled(false);
    m_email->setEnabled(false);
    m_switchMode->hide();
    setRegistering(false);
}

void SignInForm::focus() {
    (m_email->text().isEmpty() ? m_email : m_password)->setFocus();
}

QString SignInForm::server() const {
    return m_server->text();
}

QString SignInForm::email() const {
    return m_email->text().trimmed();
}

bool SignInForm::remembers() const {
    return m_remember->isChecked();
}

void SignInForm::showProblem(const QString& text) {
    QPalette tinted;
    tinted.setColor(QPalette::WindowText, color(Tone::Bad, palette()));
    m_problem->setPalette(tinted);
    m_insecureWarning->setPalette(tinted);
    m_problem->setText(text);
    m_problem->setVisible(!text.isEmpty());
}

void SignInForm::setRegistering(bool registering) {
    m_registering = registering;
    m_title->setText(m_accountLocked ? tr("Sign in again")
                     : registering   ? tr("Create an account")
                                     : tr("Sign in"));
    m_submit->setText(registering ? tr("Register") : tr("Sign in"));
    m_switchMode->setText(registering ? tr("I have an account") : tr("No account yet? Register"));
    m_repeat->setVisible(registering);
    m_repeatLabel->setVisible(registering);
    m_repeat->clear();
    showProblem({});
}

void SignInForm::setBusy(bool busy) {
    for (QWidget* widget :
         std::initializer_list<QWidget*>{m_submit, m_switchMode, m_password, m_repeat, m_remember})
        widget->setEnabled(!busy);
    for (QWidget* widget : {m_server, m_email})
        widget->setEnabled(!busy && !m_accountLocked);
    if (busy)
        m_submit->setText(tr("Please wait …"));
    else
        m_submit->setText(m_registering ? tr("Register") : tr("Sign in"));
}

void SignInForm::submit() {
    const QUrl server = serverAddress(m_server->text());
    if (!m_submit->isEnabled())
        return;
    if (!server.isValid())
        return showProblem(tr("This is not a server address. Enter one such as http://127.0.0.1:8000."));
    if (email().isEmpty() || m_password->text().isEmpty())
        return showProblem(tr("Enter your e-mail address and password."));
    if (m_registering && m_password->text().size() < minPasswordLength)
        return showProblem(
            tr("The password must have at least %n character(s).", nullptr, minPasswordLength));
    if (m_registering && m_password->text() != m_repeat->text())
        return showProblem(tr("The passwords do not match."));
    showProblem({});
    setBusy(true);
    m_session.setServer(server);
    const auto done = [this](const Answer<void>& answer) {
        setBusy(false);
        if (!answer) {
            showProblem(answer.error().detail);
            m_password->setFocus();
            return m_password->selectAll();
        }
        m_password->clear();
        m_repeat->clear();
        Q_EMIT signedIn();
    };
    if (m_registering)
        m_session.registerAccount(email(), m_password->text(), remembers(), this, done);
    else
        m_session.signIn(email(), m_password->text(), remembers(), this, done);
}

} // namespace breakwater::desktop

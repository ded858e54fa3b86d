#include "widgets/sign_in_form.hpp"

#include "widgets/labels.hpp"

#include <QCheckBox>
#include <QHostAddress>
#include <QLineEdit>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

constexpr int shortestPassword = 8;
constexpr int longestPassword = 128;

/// Whoever listens on the way reads along.
bool isOpenToOthers(const QUrl& server) {
    const QString host = server.host();
    const bool here = host == "localhost"_L1 || QHostAddress{host}.isLoopback();
    return server.scheme() == "http"_L1 && !here;
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
      m_repeatLabel{mutedLabel(tr("Password, once more"))},
      m_remember{new QCheckBox{tr("Stay signed in on this computer")}},
      m_open{plainLabel(
          tr("Not encrypted: whoever listens on the way reads the password. Use https:// there."))},
      m_problem{plainLabel()},
      m_go{makeButton({}, "primary")},
      m_other{makeButton({}, "plain")} {
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
    m_open->setObjectName(u"open"_s);
    m_open->setWordWrap(true);
    m_open->hide();
    layout->insertWidget(layout->indexOf(m_server) + 1, m_open);
    connect(m_server, &QLineEdit::textChanged, this,
            [this](const QString& typed) { m_open->setVisible(isOpenToOthers(serverAddress(typed))); });
    m_server->setInputMethodHints(Qt::ImhUrlCharactersOnly);
    m_email->setInputMethodHints(Qt::ImhEmailCharactersOnly);
    for (QLineEdit* line : {m_password, m_repeat}) {
        line->setEchoMode(QLineEdit::Password);
        line->setMaxLength(longestPassword);
    }
    m_remember->setToolTip(
        tr("Keeps a token in the keyring of this computer, where there is one; never the password."));
    layout->addWidget(m_remember);
    layout->addSpacing(6);
    m_problem->setWordWrap(true);
    m_problem->setObjectName(u"problem"_s);
    layout->addWidget(m_problem);
    m_go->setObjectName(u"go"_s);
    layout->addWidget(m_go);
    layout->addWidget(m_other);
    layout->addStretch(1);
    connect(m_go, &QPushButton::clicked, this, &SignInForm::submit);
    connect(m_other, &QPushButton::clicked, this, [this] { setRegistering(!m_registering); });
    setRegistering(false);
    say({});
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

void SignInForm::setAgain() {
    m_again = true;
    m_server->setEnabled(false);
    m_email->setEnabled(false);
    m_other->hide();
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

void SignInForm::say(const QString& text) {
    QPalette tinted;
    tinted.setColor(QPalette::WindowText, color(Tone::Bad, palette()));
    m_problem->setPalette(tinted);
    m_open->setPalette(tinted);
    m_problem->setText(text);
    m_problem->setVisible(!text.isEmpty());
}

void SignInForm::setRegistering(bool registering) {
    m_registering = registering;
    m_title->setText(m_again ? tr("Sign in again") : registering ? tr("Make an account") : tr("Sign in"));
    m_go->setText(registering ? tr("Register") : tr("Sign in"));
    m_other->setText(registering ? tr("I have an account") : tr("No account yet? Register"));
    m_repeat->setVisible(registering);
    m_repeatLabel->setVisible(registering);
    m_repeat->clear();
    say({});
}

void SignInForm::setBusy(bool busy) {
    for (QWidget* each : std::initializer_list<QWidget*>{m_go, m_other, m_password, m_repeat, m_remember})
        each->setEnabled(!busy);
    for (QWidget* each : {m_server, m_email})
        each->setEnabled(!busy && !m_again);
    if (busy)
        m_go->setText(tr("One moment …"));
    else
        m_go->setText(m_registering ? tr("Register") : tr("Sign in"));
}

void SignInForm::submit() {
    const QUrl server = serverAddress(m_server->text());
    if (!m_go->isEnabled())
        return;
    if (!server.isValid())
        return say(tr("The server's address isn't one. It looks like http://127.0.0.1:8000."));
    if (email().isEmpty() || m_password->text().isEmpty())
        return say(tr("E-mail address and password are needed."));
    if (m_registering && m_password->text().size() < shortestPassword)
        return say(tr("A password has at least %n character(s).", nullptr, shortestPassword));
    if (m_registering && m_password->text() != m_repeat->text())
        return say(tr("The passwords differ."));
    say({});
    setBusy(true);
    m_session.setServer(server);
    const auto done = [this](const Answer<void>& answer) {
        setBusy(false);
        if (!answer) {
            say(answer.error().detail);
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

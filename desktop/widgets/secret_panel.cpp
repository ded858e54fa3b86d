#include "widgets/secret_panel.hpp"

#include "widgets/clipboard_guard.hpp"
#include "widgets/confirm_dialog.hpp"
#include "widgets/labels.hpp"

#include <QCoreApplication>
#include <QGridLayout>
#include <QJsonDocument>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTextOption>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

/// For single quotes in a shell.
QString quoted(QString text) {
    return u'\'' + text.replace("'"_L1, "'\\''"_L1) + u'\'';
}

QString compact(const QJsonObject& object) {
    return QString::fromUtf8(QJsonDocument{object}.toJson(QJsonDocument::Compact));
}

QLineEdit* readOnlyLine() {
    auto* line = new QLineEdit;
    line->setReadOnly(true);
    line->setFont(monospaceFont());
    return line;
}

} // namespace

QString curlLines(const DeviceCredentials& credentials, const QJsonObject& samplePayload,
                  const QUrl& server) {
    const QString base = server.toString();
    const QJsonObject who{{"device_id"_L1, credentials.deviceId}, {"device_secret"_L1, credentials.secret}};
    const QJsonObject reading{{"payload"_L1, samplePayload}};
    return u"token=$(curl -sS %1/device/token \\\n"
           "    --json %2 |\n"
           "    sed -E 's/.*\"access_token\" *: *\"([^\"]*)\".*/\\1/')\n"
           "curl -sS %1/device/readings \\\n"
           "    -H \"Authorization: Bearer $token\" \\\n"
           "    --json %3\n"_s.arg(base, quoted(compact(who)), quoted(compact(reading)));
}

SecretPanel::SecretPanel(ClipboardGuard& clipboard, QWidget* parent)
    : QWidget{parent},
      m_clipboard{clipboard},
      m_id{readOnlyLine()},
      m_secret{readOnlyLine()},
      m_calls{new QPlainTextEdit},
      m_said{mutedLabel()} {
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins({});
    auto* warning =
        plainLabel(tr("The secret is shown this once. The server keeps only a hash of it: what isn't copied "
                      "now can't be had again, only replaced."));
    warning->setWordWrap(true);
    layout->addWidget(warning);
    layout->addSpacing(4);
    auto* grid = new QGridLayout;
    const auto row = [&](int at, const QString& name, QLineEdit* line, const QString& button,
                         const char* kind) {
        line->setAccessibleName(name);
        grid->addWidget(mutedLabel(name), at, 0);
        grid->addWidget(line, at, 1);
        auto* press = makeButton(button, kind);
        grid->addWidget(press, at, 2);
        connect(press, &QPushButton::clicked, this, [this, line] { copy(line->text()); });
        return press;
    };
    row(0, tr("Device id"), m_id, tr("Copy id"), "");
    row(1, tr("Secret"), m_secret, tr("Copy secret"), "primary")->setObjectName(u"copySecret"_s);
    layout->addLayout(grid);
    layout->addSpacing(8);
    layout->addWidget(
        mutedLabel(tr("What the device does with it: get a token (good for minutes), upload a reading")));
    m_calls->setReadOnly(true);
    m_calls->setFont(monospaceFont());
    m_calls->setWordWrapMode(QTextOption::WrapAnywhere);
    m_calls->setMinimumHeight(110);
    layout->addWidget(m_calls, 1);
    auto* last = new QHBoxLayout;
    last->addWidget(m_said, 1);
    auto* copyCalls = makeButton(tr("Copy these lines"));
    connect(copyCalls, &QPushButton::clicked, this, [this] { copy(m_calls->toPlainText()); });
    last->addWidget(copyCalls);
    layout->addLayout(last);
    connect(&m_clipboard, &ClipboardGuard::cleared, this,
            [this] { m_said->setText(tr("The clipboard was cleared.")); });
}

void SecretPanel::show(const DeviceCredentials& credentials, const QJsonObject& samplePayload,
                       const QUrl& server) {
    m_id->setText(credentials.deviceId);
    m_secret->setText(credentials.secret);
    m_secret->setCursorPosition(0);
    m_calls->setPlainText(curlLines(credentials, samplePayload, server));
    m_copied = false;
    m_said->clear();
}

void SecretPanel::copy(const QString& text) {
    m_clipboard.copy(text);
    m_copied = m_copied || text.contains(m_secret->text());
    m_said->setText(tr("Copied. The clipboard is cleared in a minute."));
}

void askToLoseSecret(QWidget* parent, std::function<void()> yes) {
    ConfirmDialog::ask(
        parent,
        {.title = QCoreApplication::translate("SecretPanel", "Close without the secret?"),
         .text = QCoreApplication::translate(
             "SecretPanel",
             "It wasn't copied. Once this window is closed nobody can show it again; the device "
             "would need a new one."),
         .action = QCoreApplication::translate("SecretPanel", "Close anyway"),
         .dangerous = true},
        std::move(yes));
}

SecretDialog::SecretDialog(const QString& title, ClipboardGuard& clipboard, QWidget* parent)
    : QDialog{parent}, m_panel{new SecretPanel{clipboard}} {
    setWindowTitle(title);
    setAttribute(Qt::WA_DeleteOnClose);
    resize(680, 400);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(20, 18, 20, 16);
    layout->addWidget(titleLabel(title, 1.2));
    layout->addWidget(m_panel, 1);
    auto* close = makeButton(tr("Close"));
    layout->addWidget(close, 0, Qt::AlignRight);
    connect(close, &QPushButton::clicked, this, &SecretDialog::reject);
}

void SecretDialog::reject() {
    if (m_panel->wasCopied())
        return QDialog::reject();
    askToLoseSecret(this, [this] { QDialog::reject(); });
}

} // namespace breakwater::desktop

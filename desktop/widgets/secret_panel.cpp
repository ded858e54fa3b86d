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

/// Quotes the text for a shell.
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
    const QJsonObject credentialsBody{{"device_id"_L1, credentials.deviceId},
                                      {"device_secret"_L1, credentials.deviceSecret}};
    const QJsonObject readingBody{{"payload"_L1, samplePayload}};
    return u"token=$(curl -sS %1/device/token \\\n"
           "    --json %2 |\n"
           "    sed -E 's/.*\"access_token\" *: *\"([^\"]*)\".*/\\1/')\n"
           "curl -sS %1/device/readings \\\n"
           "    -H \"Authorization: Bearer $token\" \\\n"
           "    --json %3\n"_s.arg(base, quoted(compact(credentialsBody)), quoted(compact(readingBody)));
}

SecretPanel::SecretPanel(ClipboardGuard& clipboard, QWidget* parent)
    : QWidget{parent},
      m_clipboard{clipboard},
      m_id{readOnlyLine()},
      m_secret{readOnlyLine()},
      m_calls{new QPlainTextEdit},
      m_status{mutedLabel()} {
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins({});
    auto* warning =
        plainLabel(tr("Copy the secret now. The server stores only a hash, so it can't show the secret "
                      "again. If you lose it, rotate the secret."));
    warning->setWordWrap(true);
    layout->addWidget(warning);
    layout->addSpacing(4);
    auto* grid = new QGridLayout;
    const auto row = [&](int gridRow, const QString& name, QLineEdit* line, const QString& button,
                         const char* kind) {
        line->setAccessibleName(name);
        grid->addWidget(mutedLabel(name), gridRow, 0);
        grid->addWidget(line, gridRow, 1);
        auto* copyButton = makeButton(button, kind);
        grid->addWidget(copyButton, gridRow, 2);
        connect(copyButton, &QPushButton::clicked, this, [this, line] { copy(line->text()); });
        return copyButton;
    };
    row(0, tr("Device id"), m_id, tr("Copy id"), "");
    row(1, tr("Secret"), m_secret, tr("Copy secret"), "primary")->setObjectName(u"copySecret"_s);
    layout->addLayout(grid);
    layout->addSpacing(8);
    layout->addWidget(
        mutedLabel(tr("The device uses it to get a short-lived token and to upload readings:")));
    m_calls->setReadOnly(true);
    m_calls->setFont(monospaceFont());
    m_calls->setWordWrapMode(QTextOption::WrapAnywhere);
    m_calls->setMinimumHeight(110);
    layout->addWidget(m_calls, 1);
    auto* footer = new QHBoxLayout;
    footer->addWidget(m_status, 1);
    auto* copyCalls = makeButton(tr("Copy commands"));
    connect(copyCalls, &QPushButton::clicked, this, [this] { copy(m_calls->toPlainText()); });
    footer->addWidget(copyCalls);
    layout->addLayout(footer);
    connect(&m_clipboard, &ClipboardGuard::cleared, this,
            [this] { m_status->setText(tr("The clipboard has been cleared.")); });
}

void SecretPanel::show(const DeviceCredentials& credentials, const QJsonObject& samplePayload,
                       const QUrl& server) {
    m_id->setText(credentials.deviceId);
    m_secret->setText(credentials.deviceSecret);
    m_secret->setCursorPosition(0);
    m_calls->setPlainText(curlLines(credentials, samplePayload, server));
    m_copied = false;
    m_status->clear();
}

void SecretPanel::copy(const QString& text) {
    m_clipboard.copy(text);
    m_copied = m_copied || text.contains(m_secret->text());
    m_status->setText(tr("Copied. The clipboard will be cleared in one minute."));
}

void confirmLosingSecret(QWidget* parent, std::function<void()> onConfirmed) {
    ConfirmDialog::ask(
        parent,
        {.title = QCoreApplication::translate("SecretPanel", "Close without copying the secret?"),
         .text = QCoreApplication::translate(
             "SecretPanel",
             "You have not copied the secret. After you close this window, it can't be shown again, and the "
             "device needs a new secret."),
         .action = QCoreApplication::translate("SecretPanel", "Close anyway"),
         .dangerous = true},
        std::move(onConfirmed));
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
    confirmLosingSecret(this, [this] { QDialog::reject(); });
}

} // namespace breakwater::desktop

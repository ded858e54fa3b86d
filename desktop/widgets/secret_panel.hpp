#pragma once

#include "core/types.hpp"

#include <QDialog>
#include <QUrl>
#include <QWidget>

#include <functional>

class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace breakwater::desktop {

class ClipboardGuard;

/// Shows the credentials of a device once, with buttons to copy them and with example calls.
class SecretPanel : public QWidget {
    Q_OBJECT
public:
    SecretPanel(ClipboardGuard& clipboard, QWidget* parent = nullptr);

    void show(const DeviceCredentials& credentials, const QJsonObject& samplePayload, const QUrl& server);
    /// Whether the user copied the secret, alone or with the calls.
    [[nodiscard]] bool wasCopied() const { return m_copied; }

private:
    void copy(const QString& text);

    ClipboardGuard& m_clipboard;
    QLineEdit* m_id;
    QLineEdit* m_secret;
    QPlainTextEdit* m_calls;
    QLabel* m_status;
    bool m_copied = false;
};

/// Example shell commands of a device: get a token and upload a reading.
QString curlLines(const DeviceCredentials& credentials, const QJsonObject& samplePayload, const QUrl& server);

/// Shows the panel after a rotation. Asks for confirmation when closed before the secret was copied.
class SecretDialog : public QDialog {
    Q_OBJECT
public:
    SecretDialog(const QString& title, ClipboardGuard& clipboard, QWidget* parent);

    [[nodiscard]] SecretPanel& panel() { return *m_panel; }
    void reject() override;

private:
    SecretPanel* m_panel;
};

/// Asks for confirmation to close without copying the secret.
void confirmLosingSecret(QWidget* parent, std::function<void()> onConfirmed);

} // namespace breakwater::desktop

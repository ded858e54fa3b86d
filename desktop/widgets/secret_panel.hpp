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

/// A device's credentials, shown this once: to copy, and with the calls that a device makes with them.
class SecretPanel : public QWidget {
    Q_OBJECT
public:
    SecretPanel(ClipboardGuard& clipboard, QWidget* parent = nullptr);

    void show(const DeviceCredentials& credentials, const QJsonObject& samplePayload, const QUrl& server);
    /// The secret was copied, or the calls with it.
    [[nodiscard]] bool wasCopied() const { return m_copied; }

private:
    void copy(const QString& text);

    ClipboardGuard& m_clipboard;
    QLineEdit* m_id;
    QLineEdit* m_secret;
    QPlainTextEdit* m_calls;
    QLabel* m_said;
    bool m_copied = false;
};

/// The calls of a device: get a token, upload a reading.
QString curlLines(const DeviceCredentials& credentials, const QJsonObject& samplePayload, const QUrl& server);

/// The panel in a window of its own, after a secret was rotated. Closing it uncopied asks.
class SecretDialog : public QDialog {
    Q_OBJECT
public:
    SecretDialog(const QString& title, ClipboardGuard& clipboard, QWidget* parent);

    [[nodiscard]] SecretPanel& panel() { return *m_panel; }
    void reject() override;

private:
    SecretPanel* m_panel;
};

/// Asks whether a secret that wasn't copied may go.
void askToLoseSecret(QWidget* parent, std::function<void()> yes);

} // namespace breakwater::desktop

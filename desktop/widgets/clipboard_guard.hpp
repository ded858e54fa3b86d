#pragma once

#include <QClipboard>
#include <QObject>
#include <QTimer>

#include <chrono>

namespace breakwater::desktop {

/// Copies secrets to the clipboard. Clears the clipboard after a minute if it still contains the secret.
class ClipboardGuard : public QObject {
    Q_OBJECT
public:
    explicit ClipboardGuard(QClipboard& clipboard, QObject* parent = nullptr);
    /// Clears the secret, if the clipboard still contains it.
    ~ClipboardGuard() override;

    void setLifetime(std::chrono::milliseconds lifetime) { m_timer.setInterval(lifetime); }
    void copy(const QString& secret);
    void clear();
    /// Takes over the pending secret of another guard.
    void takeOver(ClipboardGuard& other);

Q_SIGNALS:
    void cleared();

private:
    QClipboard& m_clipboard;
    QString m_secret;
    QTimer m_timer;
};

} // namespace breakwater::desktop

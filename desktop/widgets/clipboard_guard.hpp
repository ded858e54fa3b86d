#pragma once

#include <QObject>
#include <QTimer>

#include <chrono>

class QClipboard;

namespace breakwater::desktop {

/// Copies secrets, and takes each out of the clipboard after a minute where it still is there.
class ClipboardGuard : public QObject {
    Q_OBJECT
public:
    explicit ClipboardGuard(QClipboard& clipboard, QObject* parent = nullptr);
    /// Takes out what is left at the end of the program.
    ~ClipboardGuard() override;

    void setLifetime(std::chrono::milliseconds lifetime) { m_timer.setInterval(lifetime); }
    void copy(const QString& secret);
    void clear();
    /// Guards from now on what the other one did.
    void takeOver(ClipboardGuard& from);

Q_SIGNALS:
    void cleared();

private:
    QClipboard& m_clipboard;
    QString m_secret;
    QTimer m_timer;
};

} // namespace breakwater::desktop

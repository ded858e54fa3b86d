#include "widgets/clipboard_guard.hpp"

#include <QClipboard>
#include <QMimeData>

#include <utility>

namespace breakwater::desktop {

ClipboardGuard::ClipboardGuard(QClipboard& clipboard, QObject* parent)
    : QObject{parent}, m_clipboard{clipboard} {
    m_timer.setSingleShot(true);
    m_timer.setInterval(std::chrono::minutes{1});
    connect(&m_timer, &QTimer::timeout, this, &ClipboardGuard::clear);
}

ClipboardGuard::~ClipboardGuard() {
    clear();
}

void ClipboardGuard::copy(const QString& secret) {
    m_secret = secret;
    auto* data = new QMimeData;
    data->setText(secret);
    // With this hint, clipboard managers such as Klipper do not record the secret.
    data->setData(QStringLiteral("x-kde-passwordManagerHint"), "secret");
    m_clipboard.setMimeData(data);
    m_timer.start();
}

void ClipboardGuard::takeOver(ClipboardGuard& other) {
    if (other.m_secret.isEmpty())
        return;
    other.m_timer.stop();
    m_secret = std::exchange(other.m_secret, {});
    m_timer.start();
}

void ClipboardGuard::clear() {
    m_timer.stop();
    if (m_secret.isEmpty())
        return;
    const bool isUnchanged = m_clipboard.text() == m_secret;
    m_secret.clear();
    if (isUnchanged)
        m_clipboard.clear();
    Q_EMIT cleared();
}

} // namespace breakwater::desktop

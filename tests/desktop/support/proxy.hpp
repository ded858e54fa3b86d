#pragma once

#include <QList>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrl>

namespace breakwater::desktop::test {

/// What stands between the client and its server, and can swallow what they say: no end, no refusal, nothing.
class Proxy : public QObject {
public:
    explicit Proxy(const QUrl& server, QObject* parent = nullptr);

    [[nodiscard]] QUrl address() const;
    /// From now on, on connections that there are and on new ones.
    void swallow();
    /// New connections are carried again; those from before stay dead.
    void heal() { m_swallows = false; }

private:
    void accept();
    static void carry(QTcpSocket& from, QTcpSocket& to);

    QUrl m_server;
    QTcpServer m_listener;
    QList<QPointer<QTcpSocket>> m_sockets;
    bool m_swallows = false;
};

} // namespace breakwater::desktop::test

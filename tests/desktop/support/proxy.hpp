#pragma once

#include <QList>
#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrl>

namespace breakwater::desktop::test {

/// A TCP proxy between the client and the server. It can drop all data silently, without closing connections.
class Proxy : public QObject {
public:
    explicit Proxy(const QUrl& server, QObject* parent = nullptr);

    [[nodiscard]] QUrl address() const;
    /// Drops all data from now on, on existing and new connections.
    void dropData();
    /// Forwards data on new connections again. Existing connections stay dead.
    void forwardData() { m_dropsData = false; }

private:
    void accept();
    static void forward(QTcpSocket& source, QTcpSocket& target);

    QUrl m_server;
    QTcpServer m_listener;
    QList<QPointer<QTcpSocket>> m_sockets;
    bool m_dropsData = false;
};

} // namespace breakwater::desktop::test

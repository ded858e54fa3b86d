#include "support/proxy.hpp"

using namespace Qt::StringLiterals;

namespace breakwater::desktop::test {

Proxy::Proxy(const QUrl& server, QObject* parent) : QObject{parent}, m_server{server} {
    m_listener.listen(QHostAddress::LocalHost);
    connect(&m_listener, &QTcpServer::newConnection, this, &Proxy::accept);
}

QUrl Proxy::address() const {
    return QUrl{u"http://127.0.0.1:%1"_s.arg(m_listener.serverPort())};
}

void Proxy::swallow() {
    m_swallows = true;
    for (const auto& each : std::as_const(m_sockets))
        if (each != nullptr) {
            each->disconnect();
            connect(each, &QTcpSocket::readyRead, each, [each] { each->readAll(); });
        }
}

void Proxy::accept() {
    while (QTcpSocket* near = m_listener.nextPendingConnection()) {
        near->setParent(this);
        m_sockets.push_back(near);
        if (m_swallows)
            continue;
        auto* far = new QTcpSocket{this};
        m_sockets.push_back(far);
        carry(*near, *far);
        carry(*far, *near);
        far->connectToHost(m_server.host(), static_cast<quint16>(m_server.port()));
    }
}

void Proxy::carry(QTcpSocket& from, QTcpSocket& to) {
    connect(&from, &QTcpSocket::readyRead, &to, [&from, &to] { to.write(from.readAll()); });
    connect(&from, &QTcpSocket::disconnected, &to, [&to] { to.disconnectFromHost(); });
}

} // namespace breakwater::desktop::test

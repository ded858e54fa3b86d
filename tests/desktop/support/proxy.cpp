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

void Proxy::dropData() {
    m_dropsData = true;
    for (const auto& socket : std::as_const(m_sockets))
        if (socket != nullptr) {
            socket->disconnect();
            connect(socket, &QTcpSocket::readyRead, socket, [socket] { socket->readAll(); });
        }
}

void Proxy::accept() {
    while (QTcpSocket* clientSocket = m_listener.nextPendingConnection()) {
        clientSocket->setParent(this);
        m_sockets.push_back(clientSocket);
        if (m_dropsData)
            continue;
        auto* serverSocket = new QTcpSocket{this};
        m_sockets.push_back(serverSocket);
        forward(*clientSocket, *serverSocket);
        forward(*serverSocket, *clientSocket);
        serverSocket->connectToHost(m_server.host(), static_cast<quint16>(m_server.port()));
    }
}

void Proxy::forward(QTcpSocket& source, QTcpSocket& target) {
    connect(&source, &QTcpSocket::readyRead, &target, [&source, &target] { target.write(source.readAll()); });
    connect(&source, &QTcpSocket::disconnected, &target, [&target] { target.disconnectFromHost(); });
}

} // namespace breakwater::desktop::test

#include "core/live.hpp"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QWebSocketProtocol>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

constexpr int longestWaitFactor = 30;
constexpr quint64 largestMessage = 16 << 20;
/// Of a server that says something at least every 5 seconds: two heartbeats may be missed.
constexpr std::chrono::seconds longestSilence{12};
/// The server's word for: the token is no longer good.
constexpr int notSignedIn = 4401;

QByteArray textOf(const QJsonObject& message) {
    return QJsonDocument{message}.toJson(QJsonDocument::Compact);
}

} // namespace

Live::Live(const Api& api, QObject* parent) : QObject{parent}, m_api{api} {
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &Live::connectNow);
    m_silence.setSingleShot(true);
    connect(&m_silence, &QTimer::timeout, this, [this] {
        drop();
        again();
    });
    connect(&m_ping, &QTimer::timeout, this, [this] { m_socket->ping(); });
    setLongestSilence(longestSilence);
    connect(&m_api.session(), &Session::renewed, this, [this](const QString& token) {
        if (m_state == State::Connected)
            m_socket->sendTextMessage(
                QString::fromUtf8(textOf({{"type"_L1, "renew"_L1}, {"token"_L1, token}})));
    });
}

Live::~Live() {
    drop();
}

void Live::setLongestSilence(std::chrono::milliseconds silence) {
    m_silence.setInterval(silence);
    m_ping.setInterval(silence / 3);
}

void Live::setState(State state) {
    if (m_state == state)
        return;
    m_state = state;
    Q_EMIT stateChanged(state);
}

void Live::start() {
    if (m_state != State::Off)
        return;
    m_wait = m_firstWait;
    m_lastHeard = QDateTime::currentDateTimeUtc();
    setState(State::Connecting);
    connectNow();
}

void Live::stop() {
    m_retry.stop();
    m_cursor.clear();
    drop();
    setState(State::Off);
}

void Live::retryNow() {
    if (m_state != State::Lost)
        return;
    m_retry.stop();
    connectNow();
}

void Live::drop() {
    m_asking.reset();
    m_silence.stop();
    m_ping.stop();
    if (m_socket == nullptr)
        return;
    m_socket->disconnect(this);
    m_socket->abort();
    m_socket.release()->deleteLater(); // the caller may be one of its signals
}

void Live::connectNow() {
    drop();
    m_silence.start();
    m_asking = std::make_unique<QObject>();
    m_api.liveTicket(m_asking.get(), [this](const Answer<QString>& ticket) {
        m_asking.release()->deleteLater();
        m_silence.stop();
        if (ticket)
            open(*ticket);
        else if (ticket.error().isMissing())
            setState(State::Unsupported);
        else if (ticket.error().status != 401)
            again();
        else
            setState(State::Lost); // the session has ended; who signs in starts anew
    });
}

void Live::open(const QString& ticket) {
    m_silence.start();
    m_socket = std::make_unique<QWebSocket>();
    m_socket->setMaxAllowedIncomingMessageSize(largestMessage);
    connect(m_socket.get(), &QWebSocket::connected, this, [this, ticket] { greet(ticket); });
    connect(m_socket.get(), &QWebSocket::textMessageReceived, this, &Live::take);
    connect(m_socket.get(), &QWebSocket::disconnected, this, &Live::closed);
    connect(m_socket.get(), &QWebSocket::pong, this, &Live::heard);
    QUrl address = m_api.session().server();
    address.setScheme(address.scheme() == "https"_L1 ? u"wss"_s : u"ws"_s);
    address.setPath(address.path() + u"/live"_s);
    m_socket->open(address);
}

void Live::greet(const QString& ticket) {
    QJsonArray subscriptions{QJsonObject{{"id"_L1, "fleet"_L1}, {"all"_L1, true}},
                             QJsonObject{{"id"_L1, "alerts"_L1}, {"alerts"_L1, true}}};
    if (m_api.session().who().administrator)
        subscriptions.append(QJsonObject{{"id"_L1, "log"_L1}, {"security_events"_L1, true}});
    QJsonObject hello{{"type"_L1, "hello"_L1}, {"ticket"_L1, ticket}, {"subscriptions"_L1, subscriptions}};
    m_fresh = m_cursor.isEmpty();
    if (!m_fresh)
        hello.insert("cursor"_L1, m_cursor);
    m_socket->sendTextMessage(QString::fromUtf8(textOf(hello)));
}

void Live::heard() {
    m_lastHeard = QDateTime::currentDateTimeUtc();
    m_silence.start();
}

void Live::take(const QString& message) {
    heard();
    const QJsonObject said = QJsonDocument::fromJson(message.toUtf8()).object();
    const QString type = said.value("type"_L1).toString();
    if (const QString cursor = said.value("cursor"_L1).toString(); !cursor.isEmpty())
        m_cursor = cursor;
    if (type == "welcome"_L1) {
        m_wait = m_firstWait;
        m_ping.start();
        setState(State::Connected);
        // What was fetched before this moment may be older than what is told from it on.
        if (std::exchange(m_fresh, false))
            Q_EMIT missed();
    } else if (type == "events"_L1) {
        if (const auto events = readEvents(said.value("events"_L1).toArray()); !events.isEmpty())
            Q_EMIT happened(events);
    } else if (type == "gap"_L1) {
        Q_EMIT missed();
    }
}

void Live::closed() {
    const int code = m_socket->closeCode();
    drop();
    if (code == notSignedIn)
        m_api.session().renew(); // which tells whether the session has ended
    again();
}

void Live::again() {
    const auto jitter = m_wait * QRandomGenerator::global()->bounded(25) / 100;
    m_retry.start(m_wait + jitter);
    m_wait = std::min(m_wait * 2, m_firstWait * longestWaitFactor);
    setState(State::Lost);
}

} // namespace breakwater::desktop

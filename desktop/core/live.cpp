#include "core/live.hpp"

#include "core/messages.hpp"
#include "core/requests.hpp"

#include <QJsonDocument>
#include <QRandomGenerator>
#include <QWebSocketProtocol>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

constexpr int maxWaitFactor = 30;
constexpr quint64 maxMessageSize = 16 << 20;
/// The server sends a heartbeat every 5 seconds, so two heartbeats may be lost.
constexpr std::chrono::seconds silenceLimit{12};
/// The close code of the server for an invalid token.
constexpr int closeUnauthorized = 4401;

template <class Message>
QString textOf(const Message& message) {
    return QString::fromUtf8(QJsonDocument{toJson(message)}.toJson(QJsonDocument::Compact));
}

} // namespace

Live::Live(const Api& api, QObject* parent) : QObject{parent}, m_api{api} {
    m_retryTimer.setSingleShot(true);
    connect(&m_retryTimer, &QTimer::timeout, this, &Live::connectNow);
    m_silenceTimer.setSingleShot(true);
    connect(&m_silenceTimer, &QTimer::timeout, this, [this] {
        closeConnection();
        scheduleRetry();
    });
    connect(&m_pingTimer, &QTimer::timeout, this, [this] { m_socket->ping(); });
    setSilenceLimit(silenceLimit);
    connect(&m_api.session(), &Session::renewed, this, [this](const QString& token) {
        if (m_state == State::Connected)
            m_socket->sendTextMessage(textOf(messages::LiveRenew{.token = token}));
    });
}

Live::~Live() {
    closeConnection();
}

void Live::setSilenceLimit(std::chrono::milliseconds limit) {
    m_silenceTimer.setInterval(limit);
    m_pingTimer.setInterval(limit / 3);
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
    m_wait = m_initialWait;
    m_lastReceived = QDateTime::currentDateTimeUtc();
    setState(State::Connecting);
    connectNow();
}

void Live::stop() {
    m_retryTimer.stop();
    m_cursor.clear();
    closeConnection();
    setState(State::Off);
}

void Live::retryNow() {
    if (m_state != State::Lost)
        return;
    m_retryTimer.stop();
    connectNow();
}

void Live::closeConnection() {
    m_ticketCall.reset();
    m_silenceTimer.stop();
    m_pingTimer.stop();
    if (m_socket == nullptr)
        return;
    m_socket->disconnect(this);
    m_socket->abort();
    m_socket.release()->deleteLater(); // this call may come from one of its signals
}

void Live::connectNow() {
    closeConnection();
    m_silenceTimer.start();
    m_ticketCall = std::make_unique<QObject>();
    m_api.liveTicket(m_ticketCall.get(), [this](const Answer<QString>& ticket) {
        m_ticketCall.release()->deleteLater();
        m_silenceTimer.stop();
        if (ticket)
            open(*ticket);
        else if (ticket.error().isMissing())
            setState(State::Unsupported);
        else if (ticket.error().status != 401)
            scheduleRetry();
        else
            setState(State::Lost); // the session has ended; the next sign-in retries
    });
}

void Live::open(const QString& ticket) {
    m_silenceTimer.start();
    m_socket = std::make_unique<QWebSocket>();
    m_socket->setMaxAllowedIncomingMessageSize(maxMessageSize);
    connect(m_socket.get(), &QWebSocket::connected, this, [this, ticket] { sendHello(ticket); });
    connect(m_socket.get(), &QWebSocket::textMessageReceived, this, &Live::handleMessage);
    connect(m_socket.get(), &QWebSocket::disconnected, this, &Live::handleClose);
    connect(m_socket.get(), &QWebSocket::pong, this, &Live::recordActivity);
    QUrl address = m_api.session().server();
    address.setScheme(address.scheme() == "https"_L1 ? u"wss"_s : u"ws"_s);
    address.setPath(address.path() + u"/live"_s);
    m_socket->open(address);
}

void Live::sendHello(const QString& ticket) {
    QList<messages::LiveSubscription> subscriptions{{.id = u"fleet"_s, .all = true},
                                                    {.id = u"alerts"_s, .alerts = true}};
    if (m_api.session().claims().administrator)
        subscriptions.push_back({.id = u"log"_s, .securityEvents = true});
    messages::LiveHello hello{.ticket = ticket, .subscriptions = subscriptions};
    m_withoutCursor = m_cursor.isEmpty();
    if (!m_withoutCursor)
        hello.cursor = m_cursor;
    m_socket->sendTextMessage(textOf(hello));
}

void Live::recordActivity() {
    m_lastReceived = QDateTime::currentDateTimeUtc();
    m_silenceTimer.start();
}

void Live::handleMessage(const QString& text) {
    recordActivity();
    const auto message = messages::readLiveMessage(QJsonDocument::fromJson(text.toUtf8()).object());
    if (!message)
        return;
    m_cursor = std::visit([](const auto& anyMessage) { return anyMessage.cursor; }, *message);
    if (std::holds_alternative<messages::LiveWelcome>(*message)) {
        m_wait = m_initialWait;
        m_pingTimer.start();
        setState(State::Connected);
        // Data fetched before this moment may be older than the first live event.
        if (std::exchange(m_withoutCursor, false))
            Q_EMIT eventsMissed();
    } else if (const auto* batch = std::get_if<messages::LiveEvents>(&*message)) {
        if (const auto events = readEvents(batch->events); !events.isEmpty())
            Q_EMIT eventsReceived(events);
    } else if (std::holds_alternative<messages::LiveGap>(*message)) {
        Q_EMIT eventsMissed();
    }
}

void Live::handleClose() {
    const int code = m_socket->closeCode();
    closeConnection();
    if (code == closeUnauthorized)
        m_api.session().renew(); // finds out whether the session has ended
    scheduleRetry();
}

void Live::scheduleRetry() {
    const auto jitter = m_wait * QRandomGenerator::global()->bounded(25) / 100;
    m_retryTimer.start(m_wait + jitter);
    m_wait = std::min(m_wait * 2, m_initialWait * maxWaitFactor);
    setState(State::Lost);
}

} // namespace breakwater::desktop

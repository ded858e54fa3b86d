#pragma once

#include "core/api.hpp"
#include "core/live_event.hpp"

#include <QTimer>
#include <QWebSocket>

#include <chrono>

namespace breakwater::desktop {

/// Receives live events over a WebSocket. Reconnects with growing waits and resumes at its last position. A
/// network that silently drops packets does not close a connection, so a silent connection counts as lost in
/// any state. If the server has no live events, the state becomes `Unsupported` and no retry follows.
class Live : public QObject {
    Q_OBJECT
public:
    enum class State {
        Off,
        Connecting,
        Connected,
        Lost,       ///< retrying
        Unsupported ///< the server has no live events: poll instead
    };
    Q_ENUM(State)

    explicit Live(const Api& api, QObject* parent = nullptr);
    ~Live() override;

    [[nodiscard]] State state() const { return m_state; }
    /// When the last message or pong arrived. Data on screen is known to be current up to that time.
    [[nodiscard]] const QDateTime& lastReceived() const { return m_lastReceived; }
    /// The wait before the first retry. It doubles with each retry, up to 30 times the initial wait.
    void setInitialWait(std::chrono::milliseconds wait) { m_initialWait = m_wait = wait; }
    /// A connection with no incoming message for longer than this counts as lost. The client pings the server
    /// every third of this time, so that an idle connection stays alive on both sides.
    void setSilenceLimit(std::chrono::milliseconds limit);

    void start();
    void stop();
    /// Retries now if the connection is lost.
    void retryNow();

Q_SIGNALS:
    void stateChanged(breakwater::desktop::Live::State state);
    void eventsReceived(const QList<breakwater::desktop::LiveEvent>& events);
    /// Events may have been lost: the data on screen has to be fetched again. Also emitted after the first
    /// connection.
    void eventsMissed();

private:
    void setState(State state);
    void connectNow();
    void open(const QString& ticket);
    void sendHello(const QString& ticket);
    void handleMessage(const QString& text);
    void handleClose();
    void scheduleRetry();
    void closeConnection();
    void recordActivity();

    Api m_api;
    State m_state = State::Off;
    std::unique_ptr<QWebSocket> m_socket;
    std::unique_ptr<QObject> m_ticketCall; ///< context of the ticket request
    QString m_cursor;
    bool m_withoutCursor = true; ///< the hello message had no cursor
    QTimer m_retryTimer;
    QTimer m_silenceTimer; ///< fires when no message arrived within the silence limit
    QTimer m_pingTimer;
    QDateTime m_lastReceived;
    std::chrono::milliseconds m_initialWait{500};
    std::chrono::milliseconds m_wait = m_initialWait;
};

/// Parses the events of a message. Skips events of unknown types and events that can't be parsed.
QList<LiveEvent> readEvents(const QJsonArray& events);

} // namespace breakwater::desktop

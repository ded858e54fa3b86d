#pragma once

#include "core/api.hpp"
#include "core/live_event.hpp"

#include <QTimer>
#include <QWebSocket>

#include <chrono>

namespace breakwater::desktop {

/// What happens at the server, while it happens: a WebSocket that comes back by itself where it was, after
/// longer and longer waits. A network that swallows everything ends no connection, so one on which nothing is
/// heard any more counts as lost, whatever it is waiting for. Where the server has none, it says so, and
/// looks no more.
class Live : public QObject {
    Q_OBJECT
public:
    enum class State {
        Off,
        Connecting,
        Connected,
        Lost,       ///< and trying again
        Unsupported ///< the server has no such thing: ask it again and again
    };
    Q_ENUM(State)

    explicit Live(const Api& api, QObject* parent = nullptr);
    ~Live() override;

    [[nodiscard]] State state() const { return m_state; }
    /// When the server was heard last; what was known then is known, and nothing since.
    [[nodiscard]] const QDateTime& lastHeard() const { return m_lastHeard; }
    /// The first wait before it tries again; doubled up to thirty times as much.
    void setFirstWait(std::chrono::milliseconds wait) { m_firstWait = m_wait = wait; }
    /// A connection on which nothing is heard for longer counts as lost. Each third of it the server is
    /// pinged: so both hear of each other, whatever they send else.
    void setLongestSilence(std::chrono::milliseconds silence);

    void start();
    void stop();
    /// Tries now, where the connection is lost.
    void retryNow();

Q_SIGNALS:
    void stateChanged(breakwater::desktop::Live::State state);
    void happened(const QList<breakwater::desktop::LiveEvent>& events);
    /// Events may have been missed: what is shown has to be fetched anew. Comes with the first connection
    /// too.
    void missed();

private:
    void setState(State state);
    void connectNow();
    void open(const QString& ticket);
    void greet(const QString& ticket);
    void take(const QString& message);
    void closed();
    void again();
    void drop();
    void heard();

    Api m_api;
    State m_state = State::Off;
    std::unique_ptr<QWebSocket> m_socket;
    std::unique_ptr<QObject> m_asking; ///< for a ticket
    QString m_cursor;
    bool m_fresh = true; ///< said hello without a cursor
    QTimer m_retry;
    QTimer m_silence; ///< runs out when nothing is heard for too long
    QTimer m_ping;
    QDateTime m_lastHeard;
    std::chrono::milliseconds m_firstWait{500};
    std::chrono::milliseconds m_wait = m_firstWait;
};

/// The events of a message that are understood; what can't be read is left out.
QList<LiveEvent> readEvents(const QJsonArray& events);

} // namespace breakwater::desktop

#pragma once

#include "core/answer.hpp"

#include <QByteArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QNetworkAccessManager>
#include <QObject>
#include <QUrl>
#include <QUrlQuery>

#include <chrono>
#include <optional>

class QNetworkReply;

namespace breakwater::desktop {

struct Request {
    QByteArray method = "GET";
    QString path; ///< "/devices"
    QUrlQuery query{};
    std::optional<QJsonValue> body{};
    /// Receives the body of a successful response in chunks. Without a sink the body is collected in memory.
    std::function<void(const QByteArray&)> sink{};
};

struct Response {
    QByteArray body;
    QString nextCursor;
};

/// HTTP client for one server. Every failure has a text for the user. Never blocks. Not thread-safe.
class ApiClient : public QObject {
    Q_OBJECT
public:
    explicit ApiClient(QObject* parent = nullptr);

    void setServer(const QUrl& server) { m_server = server; }
    [[nodiscard]] QUrl server() const { return m_server; }
    /// A call fails when no byte arrives for this time.
    void setTimeout(std::chrono::milliseconds timeout) { m_timeout = timeout; }

    /// Calls `done` once, asynchronously. Destroying `context` aborts the call; `done` is then never called.
    /// `token` may be empty.
    void send(const Request& request, const QString& token, QObject* context, Done<Response> done);

private:
    Answer<Response> answerOf(QNetworkReply& reply, QByteArray body, bool tooLarge) const;
    QString connectionProblem(const QNetworkReply& reply) const;

    QNetworkAccessManager m_network;
    QUrl m_server;
    std::chrono::milliseconds m_timeout{20'000};
};

/// Parses a server address that a user typed. Adds http:// if there is no scheme. Returns an invalid URL on
/// error.
QUrl serverAddress(const QString& input);

} // namespace breakwater::desktop

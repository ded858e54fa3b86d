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
    /// Takes the body of a good answer piece by piece, as it comes. Without one it is gathered.
    std::function<void(const QByteArray&)> sink{};
};

struct Response {
    QByteArray body;
    QString nextCursor;
};

/// Speaks HTTP with one server. Every failure comes back as a sentence. Never blocks; belongs to its thread.
class ApiClient : public QObject {
    Q_OBJECT
public:
    explicit ApiClient(QObject* parent = nullptr);

    void setServer(const QUrl& server) { m_server = server; }
    [[nodiscard]] QUrl server() const { return m_server; }
    /// Without a byte for so long, a call has failed.
    void setTimeout(std::chrono::milliseconds timeout) { m_timeout = timeout; }

    /// Calls `done` once, later; never when `context` has gone, whose end also ends the call.
    /// `token` may be empty.
    void send(const Request& request, const QString& token, QObject* context, Done<Response> done);

private:
    Answer<Response> answerOf(QNetworkReply& reply, QByteArray body, bool tooLarge) const;
    QString connectionProblem(const QNetworkReply& reply) const;

    QNetworkAccessManager m_network;
    QUrl m_server;
    std::chrono::milliseconds m_timeout{20'000};
};

/// The address a person typed, as a server's: http:// where there is no scheme. Invalid where it is none.
QUrl serverAddress(const QString& typed);

} // namespace breakwater::desktop

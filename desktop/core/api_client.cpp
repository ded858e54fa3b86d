#include "core/api_client.hpp"

#include <QJsonArray>
#include <QJsonDocument>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <memory>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

/// Of an answer that is gathered in memory. A list of 100,000 devices has about 16 MiB.
constexpr qsizetype largestBody = 64 << 20;
/// Of what a stream may be ahead of its sink.
constexpr qint64 readBuffer = 1 << 20;
constexpr qsizetype longestDetail = 500;

/// What the server says went wrong: one sentence, or FastAPI's list of fields.
QString detailOf(const QByteArray& body) {
    const QJsonValue detail = QJsonDocument::fromJson(body).object().value("detail"_L1);
    if (!detail.isArray())
        return detail.toString().left(longestDetail);
    QStringList sentences;
    for (const QJsonValue& each : detail.toArray()) {
        const QString field = each["loc"_L1].toArray().last().toString();
        sentences << (field.isEmpty() ? each["msg"_L1].toString()
                                      : field + u": "_s + each["msg"_L1].toString());
    }
    return sentences.join(u"; "_s).left(longestDetail);
}

} // namespace

ApiClient::ApiClient(QObject* parent) : QObject{parent}, m_network{this} {}

void ApiClient::send(const Request& request, const QString& token, QObject* context, Done<Response> done) {
    QUrl url = m_server;
    url.setPath(m_server.path() + request.path);
    url.setQuery(request.query);
    QNetworkRequest wire{url};
    wire.setRawHeader("Accept", "application/json");
    // Whoever redirects would be handed the token.
    wire.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    wire.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    wire.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    wire.setTransferTimeout(static_cast<int>(m_timeout.count()));
    if (!token.isEmpty())
        wire.setRawHeader("Authorization", "Bearer " + token.toLatin1());
    QByteArray body;
    if (request.body || request.method == "POST") {
        wire.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        const QJsonValue value = request.body.value_or(QJsonObject{});
        body = (value.isArray() ? QJsonDocument{value.toArray()} : QJsonDocument{value.toObject()})
                   .toJson(QJsonDocument::Compact);
    }

    // By their names, so that Qt knows what it may send again on a connection that had gone.
    QNetworkReply* reply = request.method == "GET"      ? m_network.get(wire)
                           : request.method == "DELETE" ? m_network.deleteResource(wire)
                           : request.method == "PUT"    ? m_network.put(wire, body)
                                                        : m_network.post(wire, body);
    struct Progress {
        QByteArray body;
        bool tooLarge = false;
    };
    auto progress = std::make_shared<Progress>();
    if (request.sink)
        reply->setReadBufferSize(readBuffer);
    connect(reply, &QNetworkReply::readyRead, context, [reply, progress, sink = request.sink] {
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        if (sink && status == 200)
            return sink(reply->readAll());
        progress->body += reply->readAll();
        if (progress->body.size() > largestBody) {
            progress->tooLarge = true;
            reply->abort();
        }
    });
    connect(reply, &QNetworkReply::finished, context, [this, reply, progress, done = std::move(done)] {
        done(answerOf(*reply, std::move(progress->body), progress->tooLarge));
    });
    connect(reply, &QNetworkReply::finished, reply, &QObject::deleteLater);
    connect(context, &QObject::destroyed, reply, [reply, context] {
        // The context is told of its end before it is disconnected, and an aborted reply finishes at once.
        reply->disconnect(context);
        reply->abort();
    });
}

Answer<Response> ApiClient::answerOf(QNetworkReply& reply, QByteArray body, bool tooLarge) const {
    if (tooLarge)
        return std::unexpected(ApiError{.detail = tr("The server's answer is too large.")});
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status >= 200 && status < 300) {
        if (reply.error() != QNetworkReply::NoError)
            return std::unexpected(ApiError{.detail = connectionProblem(reply), .unreachable = true});
        return Response{.body = std::move(body),
                        .nextCursor = QString::fromLatin1(reply.rawHeader("X-Next-Cursor"))};
    }
    if (status == 0)
        return std::unexpected(ApiError{.detail = connectionProblem(reply), .unreachable = true});
    ApiError error{.status = status,
                   .detail = detailOf(body),
                   .retryAfterSeconds = reply.rawHeader("Retry-After").toInt(),
                   .unreachable = status >= 500};
    if (error.detail.isEmpty())
        error.detail = status >= 500
                           ? tr("The server has a problem (status %1). Try again later.").arg(status)
                           : tr("The server refused this (status %1).").arg(status);
    if (status == 429 && error.retryAfterSeconds > 0)
        error.detail += u' ' + tr("Try again in %n second(s).", nullptr, error.retryAfterSeconds);
    return std::unexpected(error);
}

QString ApiClient::connectionProblem(const QNetworkReply& reply) const {
    const QString where = m_server.toString(QUrl::RemoveUserInfo);
    switch (reply.error()) {
    case QNetworkReply::ConnectionRefusedError:
        return tr("Nothing answers at %1. Is the server running?").arg(where);
    case QNetworkReply::HostNotFoundError: return tr("There is no host of the name %1.").arg(m_server.host());
    case QNetworkReply::TimeoutError:
    case QNetworkReply::OperationCanceledError:
        return tr("The server at %1 takes too long to answer.").arg(where);
    case QNetworkReply::SslHandshakeFailedError:
        return tr("The connection to %1 isn't secure: %2").arg(where, reply.errorString());
    case QNetworkReply::RemoteHostClosedError: return tr("The connection to %1 broke off.").arg(where);
    default: return tr("The server at %1 can't be reached: %2").arg(where, reply.errorString());
    }
}

QUrl serverAddress(const QString& typed) {
    QString text = typed.trimmed();
    if (!text.contains("://"_L1))
        text.prepend("http://"_L1);
    QUrl url{text, QUrl::StrictMode};
    const bool usable = url.isValid() && !url.host().isEmpty() && url.userInfo().isEmpty() &&
                        !url.hasQuery() && (url.scheme() == "http"_L1 || url.scheme() == "https"_L1);
    if (!usable)
        return {};
    url.setFragment({});
    QString path = url.path();
    while (path.endsWith(u'/'))
        path.chop(1);
    url.setPath(path);
    return url;
}

} // namespace breakwater::desktop

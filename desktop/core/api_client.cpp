#include "core/api_client.hpp"

#include "core/messages.hpp"

#include <QJsonArray>
#include <QJsonDocument>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <memory>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

/// The limit of a response body in memory. A list of 100,000 devices has about 16 MiB.
constexpr qsizetype maxBodySize = 64 << 20;
/// How far a streamed response may be ahead of its sink, in bytes.
constexpr qint64 readBufferSize = 1 << 20;
constexpr qsizetype maxDetailLength = 500;

/// The error text of the server: one sentence, or FastAPI's list of fields.
QString detailOf(const QByteArray& body) {
    const QJsonObject content = QJsonDocument::fromJson(body).object();
    JsonReader reader{content};
    const messages::Problem problem = messages::readProblem(reader);
    if (reader.ok())
        return problem.detail.left(maxDetailLength);
    QStringList sentences;
    for (const QJsonValue error : content.value("detail"_L1).toArray()) {
        const QString field = error["loc"_L1].toArray().last().toString();
        sentences << (field.isEmpty() ? error["msg"_L1].toString()
                                      : field + u": "_s + error["msg"_L1].toString());
    }
    return sentences.join(u"; "_s).left(maxDetailLength);
}

} // namespace

ApiClient::ApiClient(QObject* parent) : QObject{parent}, m_network{this} {}

void ApiClient::send(const Request& request, const QString& token, QObject* context, Done<Response> done) {
    QUrl url = m_server;
    url.setPath(m_server.path() + request.path);
    url.setQuery(request.query);
    QNetworkRequest httpRequest{url};
    httpRequest.setRawHeader("Accept", "application/json");
    // A redirect would send the token to another server.
    httpRequest.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    httpRequest.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    httpRequest.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    httpRequest.setTransferTimeout(static_cast<int>(m_timeout.count()));
    if (!token.isEmpty())
        httpRequest.setRawHeader("Authorization", "Bearer " + token.toLatin1());
    QByteArray body;
    if (request.body || request.method == "POST") {
        httpRequest.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        const QJsonValue value = request.body.value_or(QJsonObject{});
        body = (value.isArray() ? QJsonDocument{value.toArray()} : QJsonDocument{value.toObject()})
                   .toJson(QJsonDocument::Compact);
    }

    // The named methods let Qt decide which requests it may resend after a connection was closed.
    QNetworkReply* reply = request.method == "GET"      ? m_network.get(httpRequest)
                           : request.method == "DELETE" ? m_network.deleteResource(httpRequest)
                           : request.method == "PUT"    ? m_network.put(httpRequest, body)
                                                        : m_network.post(httpRequest, body);
    struct Progress {
        QByteArray body;
        bool tooLarge = false;
    };
    auto progress = std::make_shared<Progress>();
    if (request.sink)
        reply->setReadBufferSize(readBufferSize);
    connect(reply, &QNetworkReply::readyRead, context, [reply, progress, sink = request.sink] {
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        if (sink && status == 200)
            return sink(reply->readAll());
        progress->body += reply->readAll();
        if (progress->body.size() > maxBodySize) {
            progress->tooLarge = true;
            reply->abort();
        }
    });
    connect(reply, &QNetworkReply::finished, context, [this, reply, progress, done = std::move(done)] {
        done(answerOf(*reply, std::move(progress->body), progress->tooLarge));
    });
    connect(reply, &QNetworkReply::finished, reply, &QObject::deleteLater);
    connect(context, &QObject::destroyed, reply, [reply, context] {
        // `destroyed` is emitted before the context is disconnected, and `abort` emits `finished` at once.
        reply->disconnect(context);
        reply->abort();
    });
}

Answer<Response> ApiClient::answerOf(QNetworkReply& reply, QByteArray body, bool tooLarge) const {
    if (tooLarge)
        return std::unexpected(ApiError{.detail = tr("The response of the server is too large.")});
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
                           ? tr("The server has an internal error (status %1). Try again later.").arg(status)
                           : tr("The server refused the request (status %1).").arg(status);
    if (status == 429 && error.retryAfterSeconds > 0)
        error.detail += u' ' + tr("Try again in %n second(s).", nullptr, error.retryAfterSeconds);
    return std::unexpected(error);
}

QString ApiClient::connectionProblem(const QNetworkReply& reply) const {
    const QString address = m_server.toString(QUrl::RemoveUserInfo);
    switch (reply.error()) {
    case QNetworkReply::ConnectionRefusedError:
        return tr("No server responds at %1. Is it running?").arg(address);
    case QNetworkReply::HostNotFoundError:
        return tr("There is no host named %1. Check the server address.").arg(m_server.host());
    case QNetworkReply::TimeoutError:
    case QNetworkReply::OperationCanceledError:
        return tr("The server at %1 did not respond in time. Try again later.").arg(address);
    case QNetworkReply::SslHandshakeFailedError:
        return tr("The connection to %1 isn't secure: %2").arg(address, reply.errorString());
    case QNetworkReply::RemoteHostClosedError:
        return tr("The connection to %1 was interrupted. Try again.").arg(address);
    default: return tr("The server at %1 can't be reached: %2").arg(address, reply.errorString());
    }
}

QUrl serverAddress(const QString& input) {
    QString text = input.trimmed();
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

#include "support/fake_server.hpp"

#include "core/json_reader.hpp"
#include "core/time_range.hpp"

#include <QJsonDocument>
#include <QTcpSocket>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;

namespace breakwater::desktop::test {

QJsonObject FakeRequest::json() const {
    return QJsonDocument::fromJson(body).object();
}

QByteArray FakeRequest::token() const {
    return headers.value("authorization").mid(7);
}

FakeAnswer json(const QJsonValue& value, int status) {
    const QJsonDocument document =
        value.isArray() ? QJsonDocument{value.toArray()} : QJsonDocument{value.toObject()};
    return {.status = status, .body = document.toJson(QJsonDocument::Compact)};
}

FakeAnswer problem(int status, const QString& detail) {
    return json(QJsonObject{{"detail"_L1, detail}}, status);
}

FakeServer::FakeServer(QObject* parent) : QObject{parent} {
    m_listener.listen(QHostAddress::LocalHost);
    connect(&m_listener, &QTcpServer::newConnection, this, &FakeServer::accept);
}

QUrl FakeServer::address() const {
    return QUrl{u"http://127.0.0.1:%1"_s.arg(m_listener.serverPort())};
}

void FakeServer::on(const QByteArray& call, Handler handler) {
    m_handlers.insert(call, std::move(handler));
}

int FakeServer::count(const QByteArray& call) const {
    const auto isCall = [&](const FakeRequest& request) {
        return request.method + ' ' + request.path.toUtf8() == call;
    };
    return static_cast<int>(std::count_if(m_requests.begin(), m_requests.end(), isCall));
}

void FakeServer::accept() {
    while (QTcpSocket* socket = m_listener.nextPendingConnection()) {
        auto buffer = std::make_shared<QByteArray>();
        connect(socket, &QTcpSocket::readyRead, this, [this, socket, buffer] {
            *buffer += socket->readAll();
            while (readOne(*socket, *buffer)) {
            }
        });
        connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    }
}

bool FakeServer::readOne(QTcpSocket& socket, QByteArray& buffer) {
    const qsizetype end = buffer.indexOf("\r\n\r\n");
    if (end < 0)
        return false;
    FakeRequest request;
    const QList<QByteArray> lines = buffer.first(end).split('\n');
    for (qsizetype n = 1; n < lines.size(); ++n) {
        const qsizetype colon = lines[n].indexOf(':');
        request.headers.insert(lines[n].first(colon).trimmed().toLower(), lines[n].mid(colon + 1).trimmed());
    }
    const qsizetype length = request.headers.value("content-length").toLongLong();
    if (buffer.size() < end + 4 + length)
        return false;
    request.body = buffer.mid(end + 4, length);
    buffer.remove(0, end + 4 + length);
    const QList<QByteArray> requestLine = lines[0].trimmed().split(' ');
    const QUrl url = QUrl::fromEncoded(requestLine.value(1));
    request.method = requestLine[0];
    request.path = url.path();
    request.query = QUrlQuery{url};
    m_requests.push_back(request);

    const FakeAnswer response = answer(request);
    if (response.never)
        return true;
    QByteArray head = "HTTP/1.1 " + QByteArray::number(response.status) +
                      " Response\r\nContent-Type: application/json\r\nContent-Length: " +
                      QByteArray::number(response.body.size()) + "\r\n";
    for (const auto& [name, value] : response.headers)
        head += name + ": " + value + "\r\n";
    socket.write(head + "\r\n" +
                 (response.breakOff ? response.body.first(response.body.size() / 2) : response.body));
    if (response.breakOff)
        socket.disconnectFromHost();
    return !response.breakOff;
}

FakeAnswer FakeServer::answer(const FakeRequest& request) const {
    const QByteArray call = request.method + ' ' + request.path.toUtf8();
    if (const auto handler = m_handlers.constFind(call); handler != m_handlers.constEnd())
        return (*handler)(request);
    const Handler* best = nullptr;
    qsizetype longest = 0;
    for (auto entry = m_handlers.constBegin(); entry != m_handlers.constEnd(); ++entry)
        if (entry.key().endsWith('*') && call.startsWith(entry.key().chopped(1)) &&
            entry.key().size() > longest) {
            best = &entry.value();
            longest = entry.key().size();
        }
    return best == nullptr ? problem(404, u"Not Found"_s) : (*best)(request);
}

QString fakeToken(int user, const QString& role, int number) {
    const QJsonObject claims{{"sub"_L1, QString::number(user)}, {"role"_L1, role}, {"jti"_L1, number}};
    const auto part = [](const QByteArray& text) {
        return QString::fromLatin1(
            text.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
    };
    return part("{\"alg\":\"none\"}") + u'.' + part(QJsonDocument{claims}.toJson(QJsonDocument::Compact)) +
           u".x"_s;
}

QString PlainServer::deviceId(int number) {
    return u"00000000-0000-4000-8000-%1"_s.arg(number, 12, 10, QChar{u'0'});
}

QJsonObject PlainServer::reading(int number) const {
    const QString at = apiTime(QDateTime::currentDateTimeUtc().addSecs(-number));
    return {
        {"id"_L1, 1'000'000 - number},
        {"device_id"_L1, deviceId(0)},
        {"device_timestamp"_L1, QJsonValue::Null},
        {"received_at"_L1, at},
        {"payload"_L1, QJsonObject{{"metrics"_L1, QJsonObject{{"temperature_c"_L1, 20.0 + number % 10}}}}},
        {"payload_size"_L1, 34}};
}

PlainServer::PlainServer(int deviceCount, QObject* parent) : FakeServer{parent} {
    for (int n = 0; n < deviceCount; ++n)
        devices.append(QJsonObject{{"id"_L1, deviceId(n)},
                                   {"name"_L1, u"Device %1"_s.arg(n)},
                                   {"category"_L1, "weather_station"_L1},
                                   {"status"_L1, n % 50 == 7 ? "blocked"_L1 : "active"_L1},
                                   {"created_at"_L1, "2026-01-01T00:00:00Z"_L1}});
    on("POST /auth/login", [this](const FakeRequest& request) {
        return request.json().value("password"_L1) == "right password"_L1
                   ? tokens()
                   : problem(401, u"Invalid e-mail address or password."_s);
    });
    on("POST /auth/refresh", [this](const FakeRequest&) { return tokens(); });
    on("POST /auth/logout", [](const FakeRequest&) { return FakeAnswer{.status = 204, .body = {}}; });
    on("GET /devices/categories", [](const FakeRequest&) {
        const QJsonObject sample{{"metrics"_L1, QJsonObject{{"temperature_c"_L1, 18.4}}}};
        return json(QJsonArray{QJsonObject{{"slug"_L1, "weather_station"_L1},
                                           {"name"_L1, "Weather station"_L1},
                                           {"description"_L1, "Measures the weather."_L1},
                                           {"default_name"_L1, "Weather station"_L1},
                                           {"interval_seconds"_L1, QJsonArray{15, 45}},
                                           {"sample_payload"_L1, sample}}});
    });
    on("GET /devices", [this](const FakeRequest&) { return json(devices); });
    on("GET /devices/*", [this](const FakeRequest& request) {
        const QString id = request.path.section(u'/', 2, 2);
        if (id.size() != 36)
            return problem(422, u"Not a UUID."_s);
        if (request.path.endsWith("/readings"_L1))
            return page(request);
        if (request.path.endsWith("/readings/meta"_L1))
            return json(QJsonObject{{"total_readings"_L1, readings.size()}});
        if (request.path.count(u'/') > 2)
            return problem(404, u"Not Found"_s);
        for (const QJsonValue& entry : std::as_const(devices))
            if (entry["id"_L1] == id) {
                QJsonObject device = entry.toObject();
                device.insert("last_reading_at"_L1, apiTime(QDateTime::currentDateTimeUtc()));
                return json(device);
            }
        return problem(404, u"Device not found."_s);
    });
}

FakeAnswer PlainServer::tokens() {
    ++m_issued;
    QJsonObject pair{{"access_token"_L1, fakeToken(1, role, m_issued)},
                     {"refresh_token"_L1, u"refresh %1"_s.arg(m_issued)},
                     {"token_type"_L1, "bearer"_L1},
                     {"expires_in_minutes"_L1, tokenMinutes}};
    if (!deviceCookie.isEmpty())
        pair.insert("device_cookie"_L1, deviceCookie);
    return json(pair);
}

FakeAnswer PlainServer::page(const FakeRequest& request) const {
    const int limit = std::min(request.query.queryItemValue(u"limit"_s).toInt(), 100);
    const QDateTime since = parseTime(request.query.queryItemValue(u"since"_s, QUrl::FullyDecoded));
    const QDateTime until = parseTime(request.query.queryItemValue(u"until"_s, QUrl::FullyDecoded));
    QJsonArray page;
    for (const QJsonObject& item : readings) {
        const QDateTime at = parseTime(item.value("received_at"_L1).toString());
        if (page.size() < limit && (!since.isValid() || at >= since) && (!until.isValid() || at <= until))
            page.append(item);
    }
    return json(page);
}

} // namespace breakwater::desktop::test

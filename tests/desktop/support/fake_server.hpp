#pragma once

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QPointer>
#include <QTcpServer>
#include <QUrl>
#include <QUrlQuery>

#include <functional>

namespace breakwater::desktop::test {

struct FakeRequest {
    QByteArray method;
    QString path;
    QUrlQuery query;
    QHash<QByteArray, QByteArray> headers; ///< names in lower case
    QByteArray body;

    [[nodiscard]] QJsonObject json() const;
    [[nodiscard]] QByteArray token() const;
};

struct FakeAnswer {
    int status = 200;
    QByteArray body = "{}";
    QList<std::pair<QByteArray, QByteArray>> headers{};
    bool breakOff = false; ///< closes the connection in the middle of the body
    bool never = false;    ///< sends no response
};

FakeAnswer json(const QJsonValue& value, int status = 200);
FakeAnswer problem(int status, const QString& detail);

/// An HTTP server with configurable responses. Responds with 404 to other requests.
class FakeServer : public QObject {
    Q_OBJECT
public:
    using Handler = std::function<FakeAnswer(const FakeRequest&)>;

    explicit FakeServer(QObject* parent = nullptr);

    /// Sets the handler of a call such as "GET /devices". A path that ends with "*" matches all paths with
    /// that prefix.
    void on(const QByteArray& call, Handler handler);
    [[nodiscard]] QUrl address() const;
    [[nodiscard]] const QList<FakeRequest>& requests() const { return m_requests; }
    [[nodiscard]] int count(const QByteArray& call) const;
    void forgetRequests() { m_requests.clear(); }

private:
    void accept();
    bool readOne(QTcpSocket& socket, QByteArray& buffer);
    [[nodiscard]] FakeAnswer answer(const FakeRequest& request) const;

    QTcpServer m_listener;
    QHash<QByteArray, Handler> m_handlers;
    QList<FakeRequest> m_requests;
};

/// A token with these claims and an invalid signature.
QString fakeToken(int user, const QString& role, int number);

/// A server with the plain contract only: no live events and no endpoints that only Breakwater has.
class PlainServer : public FakeServer {
    Q_OBJECT
public:
    explicit PlainServer(int deviceCount, QObject* parent = nullptr);

    double tokenMinutes = 15;
    QString deviceCookie; ///< sent with sign-ins if not empty
    QString role = QStringLiteral("user");
    QJsonArray devices;
    QList<QJsonObject> readings; ///< the same for every device, newest first

    static QString deviceId(int number);
    [[nodiscard]] QJsonObject reading(int number) const;

private:
    FakeAnswer tokens();
    [[nodiscard]] FakeAnswer page(const FakeRequest& request) const;

    int m_issued = 0;
};

} // namespace breakwater::desktop::test

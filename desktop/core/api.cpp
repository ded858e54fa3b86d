#include "core/api.hpp"

#include "core/parse.hpp"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include <memory>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

template <class T>
Done<Response> parseObject(T (*read)(JsonReader&), Done<T> done) {
    return [read, done = std::move(done)](const Answer<Response>& answer) {
        if (!answer)
            return done(std::unexpected(answer.error()));
        done(parseOne(parseJson(answer->body), read));
    };
}

/// Larger bodies are parsed in a thread pool, so that the UI thread does not block.
constexpr qsizetype maxInlineBody = 128 << 10;

template <class T>
Answer<Page<T>> readPage(const Response& response, T (*read)(JsonReader&)) {
    auto items = parseList(parseJson(response.body), read);
    if (!items)
        return std::unexpected(items.error());
    return Page<T>{.items = *std::move(items), .nextCursor = response.nextCursor};
}

template <class T>
Done<Response> parsePage(T (*read)(JsonReader&), QObject* context, Done<Page<T>> done) {
    return [read, context = QPointer{context}, done = std::move(done)](const Answer<Response>& answer) {
        if (!answer)
            return done(std::unexpected(answer.error()));
        if (answer->body.size() < maxInlineBody)
            return done(readPage(*answer, read));
        QThreadPool::globalInstance()->start([=, response = *answer] {
            auto page = std::make_shared<Answer<Page<T>>>(readPage(response, read));
            // Only the thread of the context may check whether the context still exists.
            const auto deliver = [=] {
                if (context)
                    done(std::move(*page));
            };
            QMetaObject::invokeMethod(QCoreApplication::instance(), deliver, Qt::QueuedConnection);
        });
    };
}

template <class T>
Done<Response> parseRows(T (*read)(JsonReader&), QObject* context, Done<QList<T>> done) {
    return parsePage<T>(read, context, [done = std::move(done)](Answer<Page<T>> page) {
        if (!page)
            return done(std::unexpected(page.error()));
        done(std::move(page->items));
    });
}

Done<Response> ignoreBody(Done<void> done) {
    return [done = std::move(done)](const Answer<Response>& answer) {
        done(answer ? Answer<void>{} : std::unexpected(answer.error()));
    };
}

QString readTicket(JsonReader& reader) {
    return messages::readLiveTicket(reader).ticket;
}

QString devicePath(const QString& id, QLatin1StringView rest = {}) {
    return u"/devices/"_s + id + rest;
}

} // namespace

void Api::fetch(const QString& path, const QUrlQuery& query, QObject* context, Done<Response> done) const {
    m_session->send({.method = "GET", .path = path, .query = query}, context, std::move(done));
}

void Api::change(const QByteArray& method, const QString& path, const QJsonObject& body, QObject* context,
                 Done<Response> done) const {
    m_session->send({.method = method, .path = path, .body = body}, context, std::move(done));
}

void Api::categories(QObject* context, Done<QList<Category>> done) const {
    fetch(u"/devices/categories"_s, {}, context,
          parseRows(readModel<messages::readCategory>, context, std::move(done)));
}

void Api::devices(QObject* context, Done<QList<Device>> done) const {
    fetch(u"/devices"_s, {}, context, parseRows(readModel<messages::readDevice>, context, std::move(done)));
}

void Api::device(const QString& id, QObject* context, Done<Device> done) const {
    fetch(devicePath(id), {}, context, parseObject(readModel<messages::readDeviceDetail>, std::move(done)));
}

void Api::lastReadings(const QString& cursor, QObject* context, Done<Page<DeviceLatest>> done) const {
    QUrlQuery query{{u"include_simulated"_s, u"true"_s}, {u"limit"_s, u"500"_s}};
    if (!cursor.isEmpty())
        query.addQueryItem(u"cursor"_s, cursor);
    fetch(u"/devices/latest"_s, query, context,
          parsePage(messages::readDeviceLatest, context, std::move(done)));
}

void Api::createDevice(const QString& name, const QString& category, QObject* context,
                       Done<DeviceCredentials> done) const {
    change("POST", u"/devices"_s, toJson(messages::CreateDeviceRequest{.name = name, .category = category}),
           context, parseObject(messages::readDeviceCredentials, std::move(done)));
}

void Api::changeDevice(const QString& id, const messages::UpdateDeviceRequest& changes, QObject* context,
                       Done<Device> done) const {
    change("PUT", devicePath(id), toJson(changes), context,
           parseObject(readModel<messages::readDeviceDetail>, std::move(done)));
}

void Api::deactivateDevice(const QString& id, QObject* context, Done<void> done) const {
    change("POST", devicePath(id, "/deactivate"_L1), {}, context, ignoreBody(std::move(done)));
}

void Api::invalidateTokens(const QString& id, QObject* context, Done<void> done) const {
    change("POST", devicePath(id, "/invalidate-tokens"_L1), {}, context, ignoreBody(std::move(done)));
}

void Api::rotateSecret(const QString& id, QObject* context, Done<DeviceCredentials> done) const {
    change("POST", devicePath(id, "/rotate-secret"_L1), {}, context,
           parseObject(messages::readDeviceCredentials, std::move(done)));
}

void Api::deleteDevice(const QString& id, QObject* context, Done<void> done) const {
    change("DELETE", devicePath(id), {}, context, ignoreBody(std::move(done)));
}

void Api::readings(const QString& device, const QUrlQuery& query, QObject* context,
                   Done<Page<Reading>> done) const {
    fetch(devicePath(device, "/readings"_L1), query, context,
          parsePage(readModel<messages::readReading>, context, std::move(done)));
}

void Api::readingsMeta(const QString& device, const QUrlQuery& query, QObject* context,
                       Done<ReadingsMeta> done) const {
    fetch(devicePath(device, "/readings/meta"_L1), query, context,
          parseObject(messages::readReadingsMeta, std::move(done)));
}

void Api::series(const QString& device, const QUrlQuery& query, QObject* context,
                 Done<SeriesAnswer> done) const {
    fetch(devicePath(device, "/readings/series"_L1), query, context,
          parseObject(readModel<messages::readSeries>, std::move(done)));
}

void Api::securityEvents(const EventFilter& filter, const QString& cursor, int limit, QObject* context,
                         Done<Page<SecurityEvent>> done) const {
    QUrlQuery query{{u"limit"_s, QString::number(limit)}};
    // Owners who are not administrators read the events of their own devices at another path.
    const bool isOwner = !filter.device.isEmpty() && !session().claims().administrator;
    const std::pair<QString, QString> members[] = {
        {u"actor_type"_s, filter.actorType},
        {u"actor_id"_s, filter.actorId},
        {u"event_type"_s, filter.eventType},
        {u"status"_s, filter.status},
        {u"target_type"_s, filter.device.isEmpty() || isOwner ? QString{} : u"device"_s},
        {u"target_id"_s, isOwner ? QString{} : filter.device},
        {u"routine"_s, filter.device.isEmpty() ? QString{} : u"false"_s},
        {u"cursor"_s, cursor}};
    for (const auto& [name, value] : members)
        if (!value.isEmpty())
            query.addQueryItem(name, QString::fromLatin1(QUrl::toPercentEncoding(value)));
    addRange(query, filter.range, QDateTime::currentDateTimeUtc());
    fetch(isOwner ? devicePath(filter.device, "/security-events"_L1) : u"/admin/security-events"_s, query,
          context, parsePage(readModel<messages::readSecurityEvent>, context, std::move(done)));
}

void Api::users(QObject* context, Done<QList<User>> done) const {
    fetch(u"/admin/users"_s, {}, context, parseRows(messages::readUser, context, std::move(done)));
}

void Api::createUser(const messages::CreateUserRequest& user, QObject* context, Done<User> done) const {
    change("POST", u"/admin/users"_s, toJson(user), context,
           parseObject(messages::readUser, std::move(done)));
}

void Api::changeUser(qint64 id, const messages::UpdateUserRequest& changes, QObject* context,
                     Done<User> done) const {
    change("PUT", u"/admin/users/%1"_s.arg(id), toJson(changes), context,
           parseObject(messages::readUser, std::move(done)));
}

void Api::deleteUser(qint64 id, QObject* context, Done<void> done) const {
    change("DELETE", u"/admin/users/%1"_s.arg(id), {}, context, ignoreBody(std::move(done)));
}

void Api::alerts(const QString& state, QObject* context, Done<Page<Alert>> done) const {
    QUrlQuery query{{u"limit"_s, u"500"_s}};
    if (!state.isEmpty())
        query.addQueryItem(u"state"_s, state);
    fetch(u"/alerts"_s, query, context, parsePage(messages::readAlert, context, std::move(done)));
}

void Api::acknowledgeAlert(const QString& id, QObject* context, Done<Alert> done) const {
    change("POST", u"/alerts/%1/acknowledge"_s.arg(id), {}, context,
           parseObject(messages::readAlert, std::move(done)));
}

void Api::resolveAlert(const QString& id, QObject* context, Done<Alert> done) const {
    change("POST", u"/alerts/%1/resolve"_s.arg(id), {}, context,
           parseObject(messages::readAlert, std::move(done)));
}

void Api::liveTicket(QObject* context, Done<QString> done) const {
    change("POST", u"/live/ticket"_s, {}, context, parseObject(readTicket, std::move(done)));
}

} // namespace breakwater::desktop

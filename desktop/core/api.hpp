#pragma once

#include "core/requests.hpp"
#include "core/session.hpp"
#include "core/time_range.hpp"
#include "core/types.hpp"

#include <QStringList>

namespace breakwater::desktop {

/// A filter of the security log. Empty members do not filter.
struct EventFilter {
    QString actorType;
    QString actorId;
    QString eventType;
    QString status;
    QString device; ///< id of the device that the events are about
    TimeRange range;
};

/// Typed calls of the server API. Each function calls `done` once, asynchronously, unless `context` is
/// destroyed first.
class Api {
public:
    explicit Api(Session& session) : m_session{&session} {}

    [[nodiscard]] Session& session() const { return *m_session; }

    void categories(QObject* context, Done<QList<Category>> done) const;
    void devices(QObject* context, Done<QList<Device>> done) const;
    void device(const QString& id, QObject* context, Done<Device> done) const;
    void lastReadings(const QString& cursor, QObject* context, Done<Page<DeviceLatest>> done) const;
    void createDevice(const QString& name, const QString& category, QObject* context,
                      Done<DeviceCredentials> done) const;
    void changeDevice(const QString& id, const messages::UpdateDeviceRequest& changes, QObject* context,
                      Done<Device> done) const;
    void deactivateDevice(const QString& id, QObject* context, Done<void> done) const;
    void invalidateTokens(const QString& id, QObject* context, Done<void> done) const;
    void rotateSecret(const QString& id, QObject* context, Done<DeviceCredentials> done) const;
    void deleteDevice(const QString& id, QObject* context, Done<void> done) const;

    void readings(const QString& device, const QUrlQuery& query, QObject* context,
                  Done<Page<Reading>> done) const;
    void readingsMeta(const QString& device, const QUrlQuery& query, QObject* context,
                      Done<ReadingsMeta> done) const;
    void series(const QString& device, const QUrlQuery& query, QObject* context,
                Done<SeriesAnswer> done) const;

    void securityEvents(const EventFilter& filter, const QString& cursor, int limit, QObject* context,
                        Done<Page<SecurityEvent>> done) const;
    void users(QObject* context, Done<QList<User>> done) const;
    void createUser(const messages::CreateUserRequest& user, QObject* context, Done<User> done) const;
    void changeUser(qint64 id, const messages::UpdateUserRequest& changes, QObject* context,
                    Done<User> done) const;
    void deleteUser(qint64 id, QObject* context, Done<void> done) const;

    void alerts(const QString& state, QObject* context, Done<Page<Alert>> done) const;
    void acknowledgeAlert(const QString& id, QObject* context, Done<Alert> done) const;
    void resolveAlert(const QString& id, QObject* context, Done<Alert> done) const;

    void liveTicket(QObject* context, Done<QString> done) const;

private:
    void fetch(const QString& path, const QUrlQuery& query, QObject* context, Done<Response> done) const;
    void change(const QByteArray& method, const QString& path, const QJsonObject& body, QObject* context,
                Done<Response> done) const;

    Session* m_session;
};

} // namespace breakwater::desktop

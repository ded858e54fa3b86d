#include "core/parse.hpp"

#include "core/field_names.hpp"

#include <QCoreApplication>

#include <algorithm>
#include <limits>

namespace breakwater::desktop {

ApiError unreadable(const QString& problem) {
    return {.detail = QCoreApplication::translate(
                          "ApiError", "The server sent an invalid response (%1). Is it a Breakwater server?")
                          .arg(problem)};
}

Answer<QJsonValue> parseJson(const QByteArray& body) {
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(body, &error);
    if (error.error != QJsonParseError::NoError)
        return std::unexpected(unreadable(error.errorString()));
    return document.isArray() ? QJsonValue{document.array()} : QJsonValue{document.object()};
}

int readExpectedInterval(JsonReader& reader) {
    const qint64 seconds = reader.optionalInteger(QLatin1StringView{"expected_interval_seconds"}, 0);
    return static_cast<int>(std::clamp<qint64>(seconds, 0, std::numeric_limits<int>::max()));
}

Device readDevice(JsonReader& reader) {
    Device device;
    device.id = reader.text(QLatin1StringView{"id"});
    device.name = reader.text(QLatin1StringView{"name"});
    device.category = reader.text(QLatin1StringView{"category"});
    device.status = reader.text(QLatin1StringView{"status"});
    device.createdAt = reader.optionalTime(QLatin1StringView{"created_at"});
    device.updatedAt = reader.optionalTime(QLatin1StringView{"updated_at"});
    device.lastReadingAt = reader.optionalTime(QLatin1StringView{"last_reading_at"});
    device.simulated = reader.optionalFlag(QLatin1StringView{"simulated"});
    device.neverHeard = reader.optionalFlag(QLatin1StringView{"never_heard"});
    device.expectedInterval = readExpectedInterval(reader);
    device.blockedBy = reader.optionalText(QLatin1StringView{"blocked_by"});
    device.blockedReason = reader.optionalText(QLatin1StringView{"blocked_reason"});
    device.blockedAt = reader.optionalTime(QLatin1StringView{"blocked_at"});
    device.mayRelease = device.blockedBy.isEmpty() || reader.optionalFlag(QLatin1StringView{"may_release"});
    return device;
}

Category readCategory(JsonReader& reader) {
    Category category;
    category.slug = reader.text(QLatin1StringView{"slug"});
    category.name = categoryName(category.slug, reader.text(QLatin1StringView{"name"}));
    category.description =
        categoryDescription(category.slug, reader.optionalText(QLatin1StringView{"description"}));
    category.defaultName = reader.optionalText(QLatin1StringView{"default_name"});
    const QJsonArray interval = reader.array(QLatin1StringView{"interval_seconds"});
    category.shortestInterval = interval.at(0).toInt(1);
    category.longestInterval = std::max(interval.at(1).toInt(60), 1);
    category.samplePayload = reader.object(QLatin1StringView{"sample_payload"});
    return category;
}

DeviceCredentials readCredentials(JsonReader& reader) {
    DeviceCredentials credentials;
    credentials.deviceId = reader.text(QLatin1StringView{"device_id"});
    credentials.secret = reader.text(QLatin1StringView{"device_secret"});
    credentials.category = reader.optionalText(QLatin1StringView{"category"});
    return credentials;
}

Reading readReading(JsonReader& reader) {
    Reading reading;
    reading.id = reader.integer(QLatin1StringView{"id"});
    reading.deviceId = reader.text(QLatin1StringView{"device_id"});
    reading.measuredAt = reader.optionalTime(QLatin1StringView{"device_timestamp"});
    reading.receivedAt = reader.time(QLatin1StringView{"received_at"});
    reading.payload = reader.object(QLatin1StringView{"payload"});
    reading.size = reader.optionalInteger(QLatin1StringView{"payload_size"}, 0);
    reading.simulated = reader.optionalFlag(QLatin1StringView{"simulated"}) ||
                        reading.payload.value(QLatin1StringView{"__simulated__"}).toBool();
    return reading;
}

ReadingsMeta readMeta(JsonReader& reader) {
    ReadingsMeta meta;
    meta.total = reader.integer(QLatin1StringView{"total_readings"});
    meta.latest = reader.optionalTime(QLatin1StringView{"latest_received_at"});
    meta.oldest = reader.optionalTime(QLatin1StringView{"oldest_received_at"});
    return meta;
}

LastReading readLastReading(JsonReader& reader) {
    LastReading reading;
    reading.deviceId = reader.text(QLatin1StringView{"device_id"});
    reading.at = reader.optionalTime(QLatin1StringView{"last_reading_at"});
    return reading;
}

SeriesAnswer readSeries(JsonReader& reader) {
    SeriesAnswer answer;
    answer.step = reader.integer(QLatin1StringView{"step_seconds"}) * 1000;
    for (const QJsonValue entry : reader.array(QLatin1StringView{"series"})) {
        Series series;
        series.field = entry[QLatin1StringView{"field"}].toString();
        for (const QJsonValue bucket : entry[QLatin1StringView{"buckets"}].toArray()) {
            const QDateTime start = parseTime(bucket[QLatin1StringView{"start"}].toString());
            const double mean =
                bucket[QLatin1StringView{"mean"}].toDouble(std::numeric_limits<double>::quiet_NaN());
            if (start.isValid() && mean == mean)
                series.points.push_back(
                    {.at = start.toMSecsSinceEpoch() + answer.step / 2,
                     .low = bucket[QLatin1StringView{"min"}].toDouble(mean),
                     .high = bucket[QLatin1StringView{"max"}].toDouble(mean),
                     .mean = mean,
                     .count = std::max<qint64>(1, bucket[QLatin1StringView{"count"}].toInteger(1))});
        }
        answer.series.push_back(std::move(series));
    }
    return answer;
}

User readUser(JsonReader& reader) {
    User user;
    user.id = reader.integer(QLatin1StringView{"id"});
    user.email = reader.text(QLatin1StringView{"email"});
    user.role = reader.text(QLatin1StringView{"role"});
    user.createdAt = reader.optionalTime(QLatin1StringView{"created_at"});
    user.disabled = reader.optionalFlag(QLatin1StringView{"disabled"});
    return user;
}

SecurityEvent readSecurityEvent(JsonReader& reader) {
    SecurityEvent event;
    event.id = reader.integer(QLatin1StringView{"id"});
    event.createdAt = reader.time(QLatin1StringView{"created_at"});
    event.actorType = reader.text(QLatin1StringView{"actor_type"});
    event.actorId = reader.optionalIdentifier(QLatin1StringView{"actor_id"});
    event.eventType = reader.text(QLatin1StringView{"event_type"});
    event.status = reader.text(QLatin1StringView{"status"});
    event.detail = reader.optionalText(QLatin1StringView{"detail"});
    event.sourceAddress = reader.optionalText(QLatin1StringView{"source_address"});
    event.route = reader.optionalText(QLatin1StringView{"route"});
    event.simulated = reader.optionalFlag(QLatin1StringView{"simulated"});
    event.count = reader.optionalInteger(QLatin1StringView{"count"}, 1);
    for (const QJsonValue entry : reader.optionalArray(QLatin1StringView{"targets"})) {
        JsonReader target{entry};
        event.targets.append({.type = target.optionalText(QLatin1StringView{"target_type"}),
                              .id = target.optionalIdentifier(QLatin1StringView{"target_id"})});
    }
    event.targetCount = reader.optionalInteger(QLatin1StringView{"target_count"}, event.targets.size());
    return event;
}

Alert readAlert(JsonReader& reader) {
    Alert alert;
    alert.id = reader.optionalIdentifier(QLatin1StringView{"id"});
    alert.ruleName = reader.optionalText(QLatin1StringView{"rule_name"});
    alert.severity = reader.text(QLatin1StringView{"severity"});
    alert.state = reader.text(QLatin1StringView{"state"});
    alert.deviceId = reader.optionalText(QLatin1StringView{"device_id"});
    alert.deviceName = reader.optionalText(QLatin1StringView{"device_name"});
    alert.deviceDeleted = reader.optionalFlag(QLatin1StringView{"device_deleted"});
    alert.simulated = reader.optionalFlag(QLatin1StringView{"simulated"});
    alert.late = reader.optionalFlag(QLatin1StringView{"late"});
    alert.summary = reader.optionalText(QLatin1StringView{"summary"});
    alert.count = reader.optionalInteger(QLatin1StringView{"count"}, 1);
    alert.raisedAt = reader.time(QLatin1StringView{"raised_at"});
    alert.lastRaisedAt = reader.optionalTime(QLatin1StringView{"last_raised_at"});
    alert.acknowledgedBy = reader.optionalText(QLatin1StringView{"acknowledged_by"});
    alert.resolvedBy = reader.optionalText(QLatin1StringView{"resolved_by"});
    alert.note = reader.optionalText(QLatin1StringView{"note"});
    return alert;
}

TokenPair readTokens(JsonReader& reader) {
    TokenPair tokens;
    tokens.access = reader.text(QLatin1StringView{"access_token"});
    tokens.refresh = reader.text(QLatin1StringView{"refresh_token"});
    tokens.lifetime =
        qRound64(std::clamp(reader.number(QLatin1StringView{"expires_in_minutes"}), 0.0, 525600.0) * 60000.0);
    tokens.deviceCookie = reader.optionalText(QLatin1StringView{"device_cookie"});
    return tokens;
}

} // namespace breakwater::desktop

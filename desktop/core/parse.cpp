#include "core/parse.hpp"

#include "core/field_names.hpp"

#include <QCoreApplication>

#include <algorithm>
#include <limits>

namespace breakwater::desktop {

ApiError unreadable(const QString& problem) {
    return {.detail = QCoreApplication::translate(
                          "ApiError", "The server's answer can't be read (%1). Is it a Breakwater server?")
                          .arg(problem)};
}

Answer<QJsonValue> parseJson(const QByteArray& body) {
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(body, &error);
    if (error.error != QJsonParseError::NoError)
        return std::unexpected(unreadable(error.errorString()));
    return document.isArray() ? QJsonValue{document.array()} : QJsonValue{document.object()};
}

int readExpectedInterval(JsonReader& from) {
    const qint64 told = from.optionalInteger(QLatin1StringView{"expected_interval_seconds"}, 0);
    return static_cast<int>(std::clamp<qint64>(told, 0, std::numeric_limits<int>::max()));
}

Device readDevice(JsonReader& from) {
    Device device;
    device.id = from.text(QLatin1StringView{"id"});
    device.name = from.text(QLatin1StringView{"name"});
    device.category = from.text(QLatin1StringView{"category"});
    device.status = from.text(QLatin1StringView{"status"});
    device.createdAt = from.optionalTime(QLatin1StringView{"created_at"});
    device.updatedAt = from.optionalTime(QLatin1StringView{"updated_at"});
    device.lastReadingAt = from.optionalTime(QLatin1StringView{"last_reading_at"});
    device.simulated = from.optionalFlag(QLatin1StringView{"simulated"});
    device.neverHeard = from.optionalFlag(QLatin1StringView{"never_heard"});
    device.expectedInterval = readExpectedInterval(from);
    device.blockedBy = from.optionalText(QLatin1StringView{"blocked_by"});
    device.blockedReason = from.optionalText(QLatin1StringView{"blocked_reason"});
    device.blockedAt = from.optionalTime(QLatin1StringView{"blocked_at"});
    device.mayRelease = device.blockedBy.isEmpty() || from.optionalFlag(QLatin1StringView{"may_release"});
    return device;
}

Category readCategory(JsonReader& from) {
    Category category;
    category.slug = from.text(QLatin1StringView{"slug"});
    category.name = categoryName(category.slug, from.text(QLatin1StringView{"name"}));
    category.description =
        categoryDescription(category.slug, from.optionalText(QLatin1StringView{"description"}));
    category.defaultName = from.optionalText(QLatin1StringView{"default_name"});
    const QJsonArray interval = from.array(QLatin1StringView{"interval_seconds"});
    category.shortestInterval = interval.at(0).toInt(1);
    category.longestInterval = std::max(interval.at(1).toInt(60), 1);
    category.samplePayload = from.object(QLatin1StringView{"sample_payload"});
    return category;
}

DeviceCredentials readCredentials(JsonReader& from) {
    DeviceCredentials credentials;
    credentials.deviceId = from.text(QLatin1StringView{"device_id"});
    credentials.secret = from.text(QLatin1StringView{"device_secret"});
    credentials.category = from.optionalText(QLatin1StringView{"category"});
    return credentials;
}

Reading readReading(JsonReader& from) {
    Reading reading;
    reading.id = from.integer(QLatin1StringView{"id"});
    reading.deviceId = from.text(QLatin1StringView{"device_id"});
    reading.measuredAt = from.optionalTime(QLatin1StringView{"device_timestamp"});
    reading.receivedAt = from.time(QLatin1StringView{"received_at"});
    reading.payload = from.object(QLatin1StringView{"payload"});
    reading.size = from.optionalInteger(QLatin1StringView{"payload_size"}, 0);
    reading.simulated = from.optionalFlag(QLatin1StringView{"simulated"}) ||
                        reading.payload.value(QLatin1StringView{"__simulated__"}).toBool();
    return reading;
}

ReadingsMeta readMeta(JsonReader& from) {
    ReadingsMeta meta;
    meta.total = from.integer(QLatin1StringView{"total_readings"});
    meta.latest = from.optionalTime(QLatin1StringView{"latest_received_at"});
    meta.oldest = from.optionalTime(QLatin1StringView{"oldest_received_at"});
    return meta;
}

LastHeard readLastHeard(JsonReader& from) {
    LastHeard heard;
    heard.deviceId = from.text(QLatin1StringView{"device_id"});
    heard.at = from.optionalTime(QLatin1StringView{"last_reading_at"});
    return heard;
}

SeriesAnswer readSeries(JsonReader& from) {
    SeriesAnswer answer;
    answer.step = from.integer(QLatin1StringView{"step_seconds"}) * 1000;
    for (const QJsonValue& each : from.array(QLatin1StringView{"series"})) {
        Series series;
        series.field = each[QLatin1StringView{"field"}].toString();
        for (const QJsonValue& bucket : each[QLatin1StringView{"buckets"}].toArray()) {
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

User readUser(JsonReader& from) {
    User user;
    user.id = from.integer(QLatin1StringView{"id"});
    user.email = from.text(QLatin1StringView{"email"});
    user.role = from.text(QLatin1StringView{"role"});
    user.createdAt = from.optionalTime(QLatin1StringView{"created_at"});
    user.disabled = from.optionalFlag(QLatin1StringView{"disabled"});
    return user;
}

SecurityEvent readSecurityEvent(JsonReader& from) {
    SecurityEvent event;
    event.id = from.integer(QLatin1StringView{"id"});
    event.createdAt = from.time(QLatin1StringView{"created_at"});
    event.actorType = from.text(QLatin1StringView{"actor_type"});
    event.actorId = from.optionalIdentifier(QLatin1StringView{"actor_id"});
    event.eventType = from.text(QLatin1StringView{"event_type"});
    event.status = from.text(QLatin1StringView{"status"});
    event.detail = from.optionalText(QLatin1StringView{"detail"});
    event.sourceAddress = from.optionalText(QLatin1StringView{"source_address"});
    event.route = from.optionalText(QLatin1StringView{"route"});
    event.simulated = from.optionalFlag(QLatin1StringView{"simulated"});
    event.count = from.optionalInteger(QLatin1StringView{"count"}, 1);
    for (const QJsonValue& each : from.optionalArray(QLatin1StringView{"targets"})) {
        JsonReader target{each};
        event.targets.append({.type = target.optionalText(QLatin1StringView{"target_type"}),
                              .id = target.optionalIdentifier(QLatin1StringView{"target_id"})});
    }
    event.targetCount = from.optionalInteger(QLatin1StringView{"target_count"}, event.targets.size());
    return event;
}

Alert readAlert(JsonReader& from) {
    Alert alert;
    alert.id = from.optionalIdentifier(QLatin1StringView{"id"});
    alert.ruleName = from.optionalText(QLatin1StringView{"rule_name"});
    alert.severity = from.text(QLatin1StringView{"severity"});
    alert.state = from.text(QLatin1StringView{"state"});
    alert.deviceId = from.optionalText(QLatin1StringView{"device_id"});
    alert.deviceName = from.optionalText(QLatin1StringView{"device_name"});
    alert.deviceDeleted = from.optionalFlag(QLatin1StringView{"device_deleted"});
    alert.simulated = from.optionalFlag(QLatin1StringView{"simulated"});
    alert.late = from.optionalFlag(QLatin1StringView{"late"});
    alert.summary = from.optionalText(QLatin1StringView{"summary"});
    alert.count = from.optionalInteger(QLatin1StringView{"count"}, 1);
    alert.raisedAt = from.time(QLatin1StringView{"raised_at"});
    alert.lastRaisedAt = from.optionalTime(QLatin1StringView{"last_raised_at"});
    alert.acknowledgedBy = from.optionalText(QLatin1StringView{"acknowledged_by"});
    alert.resolvedBy = from.optionalText(QLatin1StringView{"resolved_by"});
    alert.note = from.optionalText(QLatin1StringView{"note"});
    return alert;
}

TokenPair readTokens(JsonReader& from) {
    TokenPair tokens;
    tokens.access = from.text(QLatin1StringView{"access_token"});
    tokens.refresh = from.text(QLatin1StringView{"refresh_token"});
    tokens.lifetime =
        qRound64(std::clamp(from.number(QLatin1StringView{"expires_in_minutes"}), 0.0, 525600.0) * 60000.0);
    tokens.deviceCookie = from.optionalText(QLatin1StringView{"device_cookie"});
    return tokens;
}

} // namespace breakwater::desktop

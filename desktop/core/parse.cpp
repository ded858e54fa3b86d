#include "core/parse.hpp"

#include "core/field_names.hpp"

#include <QCoreApplication>

#include <algorithm>
#include <limits>

namespace breakwater::desktop {

namespace {

/// What all messages about a device have in common.
template <class Message>
Device commonOf(const QString& id, const Message& message) {
    Device device;
    device.id = id;
    device.name = message.name;
    device.category = message.category;
    device.status = message.status;
    device.simulated = message.simulated;
    device.neverHeard = message.neverHeard;
    device.expectedInterval = static_cast<int>(
        std::clamp<qint64>(message.expectedIntervalSeconds.value_or(0), 0, std::numeric_limits<int>::max()));
    return device;
}

template <class Message>
Reading readingOf(const Message& message, bool simulated) {
    return {.id = message.id,
            .deviceId = message.deviceId,
            .measuredAt = message.deviceTimestamp,
            .receivedAt = message.receivedAt,
            .payload = message.payload,
            .size = message.payloadSize.value_or(0),
            .simulated = simulated || message.payload.value(QLatin1StringView{"__simulated__"}).toBool()};
}

template <class Message>
SecurityEvent eventOf(const Message& message) {
    return {.id = message.id,
            .createdAt = message.createdAt,
            .actorType = message.actorType,
            .actorId = message.actorId,
            .eventType = message.eventType,
            .status = message.status,
            .detail = message.detail,
            .sourceAddress = message.sourceAddress,
            .route = message.route,
            .simulated = message.simulated,
            .count = message.count.value_or(1),
            .targets = message.targets,
            .targetCount = message.targetCount.value_or(message.targets.size())};
}

} // namespace

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

Device toModel(const messages::Device& message) {
    Device device = commonOf(message.id, message);
    device.createdAt = message.createdAt;
    return device;
}

Device toModel(const messages::DeviceDetail& message) {
    Device device = commonOf(message.id, message);
    device.createdAt = message.createdAt;
    device.updatedAt = message.updatedAt;
    device.lastReadingAt = message.lastReadingAt;
    device.blockedBy = message.blockedBy;
    device.blockedReason = message.blockedReason;
    device.blockedAt = message.blockedAt;
    device.mayRelease = message.blockedBy.isEmpty() || message.mayRelease;
    return device;
}

Device toModel(const messages::LiveDevice& message) {
    Device device = commonOf(message.deviceId, message);
    device.updatedAt = message.updatedAt;
    return device;
}

Category toModel(const messages::Category& message) {
    return {.slug = message.slug,
            .name = categoryName(message.slug, message.name),
            .description = categoryDescription(message.slug, message.description),
            .defaultName = message.defaultName,
            .shortestInterval = message.intervalSeconds.at(0).toInt(1),
            .longestInterval = std::max(message.intervalSeconds.at(1).toInt(60), 1),
            .samplePayload = message.samplePayload};
}

Reading toModel(const messages::Reading& message) {
    return readingOf(message, false);
}

Reading toModel(const messages::ExportedReading& message) {
    return readingOf(message, message.simulated);
}

SeriesAnswer toModel(const messages::Series& message) {
    SeriesAnswer answer{.step = qRound64(message.stepSeconds * 1000), .series = {}};
    for (const messages::FieldSeries& field : message.series) {
        Series series{.field = field.field, .points = {}};
        for (const messages::SeriesBucket& bucket : field.buckets)
            series.points.push_back({.at = bucket.start.toMSecsSinceEpoch() + answer.step / 2,
                                     .low = bucket.min,
                                     .high = bucket.max,
                                     .mean = bucket.mean,
                                     .count = std::max<qint64>(1, bucket.count)});
        answer.series.push_back(std::move(series));
    }
    return answer;
}

SecurityEvent toModel(const messages::SecurityEvent& message) {
    return eventOf(message);
}

SecurityEvent toModel(const messages::LiveSecurityEvent& message) {
    return eventOf(message);
}

TokenPair toModel(const messages::TokenPair& message) {
    return {.access = message.accessToken,
            .refresh = message.refreshToken,
            .lifetime = qRound64(std::clamp(message.expiresInMinutes, 0.0, 525600.0) * 60000.0),
            .deviceCookie = message.deviceCookie};
}

} // namespace breakwater::desktop

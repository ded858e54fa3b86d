// Generated from docs/openapi.json and docs/asyncapi.json by scripts/desktop-types.
#include "core/messages.hpp"

#include <utility>

using namespace Qt::StringLiterals;

namespace breakwater::desktop::messages {

namespace {

template <class T>
std::optional<T> readValid(const QJsonValue& value, T (*read)(JsonReader&)) {
    JsonReader reader{value};
    T message = read(reader);
    return reader.ok() ? std::optional{std::move(message)} : std::nullopt;
}

} // namespace

Problem readProblem(JsonReader& reader) {
    Problem message;
    message.type = reader.optionalText("type"_L1);
    message.title = reader.optionalText("title"_L1);
    message.status = reader.optionalInteger("status"_L1);
    message.detail = reader.text("detail"_L1);
    message.errors = reader.optionalArray("errors"_L1);
    message.limit = reader.optionalObject("limit"_L1);
    message.requestId = reader.optionalText("request_id"_L1);
    return message;
}

TokenPair readTokenPair(JsonReader& reader) {
    TokenPair message;
    message.accessToken = reader.text("access_token"_L1);
    message.refreshToken = reader.text("refresh_token"_L1);
    message.tokenType = reader.optionalText("token_type"_L1);
    message.expiresInMinutes = reader.number("expires_in_minutes"_L1);
    message.deviceCookie = reader.optionalText("device_cookie"_L1);
    return message;
}

User readUser(JsonReader& reader) {
    User message;
    message.id = reader.integer("id"_L1);
    message.email = reader.text("email"_L1);
    message.role = reader.text("role"_L1);
    message.createdAt = reader.optionalTime("created_at"_L1);
    message.disabled = reader.optionalFlag("disabled"_L1);
    return message;
}

Category readCategory(JsonReader& reader) {
    Category message;
    message.slug = reader.text("slug"_L1);
    message.name = reader.text("name"_L1);
    message.description = reader.optionalText("description"_L1);
    message.defaultName = reader.optionalText("default_name"_L1);
    message.intervalSeconds = reader.array("interval_seconds"_L1);
    message.samplePayload = reader.object("sample_payload"_L1);
    return message;
}

Device readDevice(JsonReader& reader) {
    Device message;
    message.id = reader.text("id"_L1);
    message.name = reader.text("name"_L1);
    message.category = reader.text("category"_L1);
    message.status = reader.text("status"_L1);
    message.createdAt = reader.optionalTime("created_at"_L1);
    message.simulated = reader.optionalFlag("simulated"_L1);
    message.neverHeard = reader.optionalFlag("never_heard"_L1);
    message.expectedIntervalSeconds = reader.optionalInteger("expected_interval_seconds"_L1);
    return message;
}

DeviceDetail readDeviceDetail(JsonReader& reader) {
    DeviceDetail message;
    message.id = reader.text("id"_L1);
    message.name = reader.text("name"_L1);
    message.category = reader.text("category"_L1);
    message.status = reader.text("status"_L1);
    message.createdAt = reader.optionalTime("created_at"_L1);
    message.updatedAt = reader.optionalTime("updated_at"_L1);
    message.lastReadingAt = reader.optionalTime("last_reading_at"_L1);
    message.simulated = reader.optionalFlag("simulated"_L1);
    message.neverHeard = reader.optionalFlag("never_heard"_L1);
    message.expectedIntervalSeconds = reader.optionalInteger("expected_interval_seconds"_L1);
    message.firstReadingAt = reader.optionalTime("first_reading_at"_L1);
    message.blockedByKind = reader.optionalText("blocked_by_kind"_L1);
    message.blockedBy = reader.optionalText("blocked_by"_L1);
    message.blockedReason = reader.optionalText("blocked_reason"_L1);
    message.blockedAt = reader.optionalTime("blocked_at"_L1);
    message.blockedAlertId = reader.optionalInteger("blocked_alert_id"_L1);
    message.mayRelease = reader.optionalFlag("may_release"_L1);
    return message;
}

DeviceLatest readDeviceLatest(JsonReader& reader) {
    DeviceLatest message;
    message.deviceId = reader.text("device_id"_L1);
    message.name = reader.optionalText("name"_L1);
    message.category = reader.optionalText("category"_L1);
    message.status = reader.optionalText("status"_L1);
    message.simulated = reader.optionalFlag("simulated"_L1);
    message.neverHeard = reader.optionalFlag("never_heard"_L1);
    message.expectedIntervalSeconds = reader.optionalInteger("expected_interval_seconds"_L1);
    message.lastReadingAt = reader.optionalTime("last_reading_at"_L1);
    message.fields = reader.optionalArray("fields"_L1);
    return message;
}

DeviceCredentials readDeviceCredentials(JsonReader& reader) {
    DeviceCredentials message;
    message.deviceId = reader.text("device_id"_L1);
    message.deviceSecret = reader.text("device_secret"_L1);
    message.category = reader.optionalText("category"_L1);
    return message;
}

Reading readReading(JsonReader& reader) {
    Reading message;
    message.id = reader.integer("id"_L1);
    message.deviceId = reader.text("device_id"_L1);
    message.deviceTimestamp = reader.optionalTime("device_timestamp"_L1);
    message.receivedAt = reader.time("received_at"_L1);
    message.payload = reader.object("payload"_L1);
    message.payloadSize = reader.optionalInteger("payload_size"_L1);
    return message;
}

ExportedReading readExportedReading(JsonReader& reader) {
    ExportedReading message;
    message.id = reader.integer("id"_L1);
    message.deviceId = reader.text("device_id"_L1);
    message.deviceTimestamp = reader.optionalTime("device_timestamp"_L1);
    message.receivedAt = reader.time("received_at"_L1);
    message.simulated = reader.optionalFlag("simulated"_L1);
    message.payload = reader.object("payload"_L1);
    message.payloadSize = reader.optionalInteger("payload_size"_L1);
    return message;
}

ReadingsMeta readReadingsMeta(JsonReader& reader) {
    ReadingsMeta message;
    message.totalReadings = reader.integer("total_readings"_L1);
    message.latestReceivedAt = reader.optionalTime("latest_received_at"_L1);
    message.oldestReceivedAt = reader.optionalTime("oldest_received_at"_L1);
    return message;
}

SeriesBucket readSeriesBucket(JsonReader& reader) {
    SeriesBucket message;
    message.start = reader.time("start"_L1);
    message.count = reader.integer("count"_L1);
    message.min = reader.number("min"_L1);
    message.max = reader.number("max"_L1);
    message.mean = reader.number("mean"_L1);
    message.first = reader.number("first"_L1);
    message.last = reader.number("last"_L1);
    return message;
}

FieldSeries readFieldSeries(JsonReader& reader) {
    FieldSeries message;
    message.field = reader.text("field"_L1);
    message.buckets = reader.list("buckets"_L1, readSeriesBucket);
    return message;
}

Series readSeries(JsonReader& reader) {
    Series message;
    message.deviceId = reader.optionalText("device_id"_L1);
    message.since = reader.optionalTime("since"_L1);
    message.until = reader.optionalTime("until"_L1);
    message.stepSeconds = reader.number("step_seconds"_L1);
    message.calendar = reader.optionalObject("calendar"_L1);
    message.series = reader.list("series"_L1, readFieldSeries);
    return message;
}

EventTarget readEventTarget(JsonReader& reader) {
    EventTarget message;
    message.targetType = reader.text("target_type"_L1);
    message.targetId = reader.identifier("target_id"_L1);
    return message;
}

SecurityEvent readSecurityEvent(JsonReader& reader) {
    SecurityEvent message;
    message.id = reader.integer("id"_L1);
    message.createdAt = reader.time("created_at"_L1);
    message.actorType = reader.text("actor_type"_L1);
    message.actorId = reader.optionalIdentifier("actor_id"_L1);
    message.eventType = reader.text("event_type"_L1);
    message.status = reader.text("status"_L1);
    message.detail = reader.optionalText("detail"_L1);
    message.sourceAddress = reader.optionalText("source_address"_L1);
    message.requestId = reader.optionalText("request_id"_L1);
    message.route = reader.optionalText("route"_L1);
    message.simulated = reader.optionalFlag("simulated"_L1);
    message.count = reader.optionalInteger("count"_L1);
    message.targetType = reader.optionalText("target_type"_L1);
    message.targetId = reader.optionalText("target_id"_L1);
    message.targets = reader.optionalList("targets"_L1, readEventTarget);
    message.targetCount = reader.optionalInteger("target_count"_L1);
    return message;
}

Alert readAlert(JsonReader& reader) {
    Alert message;
    message.id = reader.identifier("id"_L1);
    message.ruleId = reader.optionalInteger("rule_id"_L1);
    message.ruleName = reader.optionalText("rule_name"_L1);
    message.kind = reader.optionalText("kind"_L1);
    message.severity = reader.text("severity"_L1);
    message.deviceId = reader.optionalText("device_id"_L1);
    message.deviceName = reader.optionalText("device_name"_L1);
    message.subject = reader.optionalText("subject"_L1);
    message.summary = reader.optionalText("summary"_L1);
    message.state = reader.text("state"_L1);
    message.count = reader.optionalInteger("count"_L1);
    message.quarantined = reader.optionalFlag("quarantined"_L1);
    message.late = reader.optionalFlag("late"_L1);
    message.raisedAt = reader.time("raised_at"_L1);
    message.lastRaisedAt = reader.optionalTime("last_raised_at"_L1);
    message.acknowledgedAt = reader.optionalTime("acknowledged_at"_L1);
    message.acknowledgedBy = reader.optionalText("acknowledged_by"_L1);
    message.resolvedAt = reader.optionalTime("resolved_at"_L1);
    message.resolvedBy = reader.optionalText("resolved_by"_L1);
    message.note = reader.optionalText("note"_L1);
    message.simulated = reader.optionalFlag("simulated"_L1);
    message.deviceDeleted = reader.optionalFlag("device_deleted"_L1);
    return message;
}

LiveTicket readLiveTicket(JsonReader& reader) {
    LiveTicket message;
    message.ticket = reader.text("ticket"_L1);
    message.expiresInSeconds = reader.optionalInteger("expires_in_seconds"_L1);
    return message;
}

LiveReading readLiveReading(JsonReader& reader) {
    LiveReading message;
    message.reading = reader.message("reading"_L1, readExportedReading);
    return message;
}

LiveBackfill readLiveBackfill(JsonReader& reader) {
    LiveBackfill message;
    message.deviceId = reader.text("device_id"_L1);
    message.count = reader.optionalInteger("count"_L1);
    message.oldest = reader.optionalTime("oldest"_L1);
    message.newest = reader.optionalTime("newest"_L1);
    message.receivedAt = reader.optionalTime("received_at"_L1);
    return message;
}

LiveDevice readLiveDevice(JsonReader& reader) {
    LiveDevice message;
    message.change = reader.optionalText("change"_L1);
    message.deviceId = reader.text("device_id"_L1);
    message.name = reader.text("name"_L1);
    message.category = reader.text("category"_L1);
    message.status = reader.text("status"_L1);
    message.simulated = reader.optionalFlag("simulated"_L1);
    message.neverHeard = reader.optionalFlag("never_heard"_L1);
    message.expectedIntervalSeconds = reader.optionalInteger("expected_interval_seconds"_L1);
    message.updatedAt = reader.optionalTime("updated_at"_L1);
    return message;
}

LiveDeviceRemoval readLiveDeviceRemoval(JsonReader& reader) {
    LiveDeviceRemoval message;
    message.deviceId = reader.text("device_id"_L1);
    return message;
}

LiveAlert readLiveAlert(JsonReader& reader) {
    LiveAlert message;
    message.change = reader.optionalText("change"_L1);
    message.alert = reader.message("alert"_L1, readAlert);
    return message;
}

LiveSecurityEvent readLiveSecurityEvent(JsonReader& reader) {
    LiveSecurityEvent message;
    message.id = reader.integer("id"_L1);
    message.createdAt = reader.time("created_at"_L1);
    message.actorType = reader.text("actor_type"_L1);
    message.actorId = reader.optionalText("actor_id"_L1);
    message.eventType = reader.text("event_type"_L1);
    message.status = reader.text("status"_L1);
    message.detail = reader.optionalText("detail"_L1);
    message.sourceAddress = reader.optionalText("source_address"_L1);
    message.requestId = reader.optionalText("request_id"_L1);
    message.route = reader.optionalText("route"_L1);
    message.simulated = reader.optionalFlag("simulated"_L1);
    message.count = reader.optionalInteger("count"_L1);
    message.targetType = reader.optionalText("target_type"_L1);
    message.targetId = reader.optionalText("target_id"_L1);
    message.targets = reader.optionalList("targets"_L1, readEventTarget);
    message.targetCount = reader.optionalInteger("target_count"_L1);
    return message;
}

LiveWelcome readLiveWelcome(JsonReader& reader) {
    LiveWelcome message;
    message.cursor = reader.text("cursor"_L1);
    message.userId = reader.optionalInteger("user_id"_L1);
    message.administrator = reader.optionalFlag("administrator"_L1);
    message.expiresAt = reader.optionalTime("expires_at"_L1);
    return message;
}

LiveEvents readLiveEvents(JsonReader& reader) {
    LiveEvents message;
    message.events = reader.array("events"_L1);
    message.cursor = reader.text("cursor"_L1);
    return message;
}

LiveGap readLiveGap(JsonReader& reader) {
    LiveGap message;
    message.cursor = reader.text("cursor"_L1);
    return message;
}

LiveHeartbeat readLiveHeartbeat(JsonReader& reader) {
    LiveHeartbeat message;
    message.cursor = reader.text("cursor"_L1);
    return message;
}

std::optional<LiveEvent> readLiveEvent(const QJsonValue& value) {
    const QString type = value["type"_L1].toString();
    const QString change = value["change"_L1].toString();
    if (type == "device"_L1 && change == "deleted"_L1)
        return readValid(value, readLiveDeviceRemoval);
    if (type == "reading"_L1)
        return readValid(value, readLiveReading);
    if (type == "backfill"_L1)
        return readValid(value, readLiveBackfill);
    if (type == "device"_L1)
        return readValid(value, readLiveDevice);
    if (type == "alert"_L1)
        return readValid(value, readLiveAlert);
    if (type == "security_event"_L1)
        return readValid(value, readLiveSecurityEvent);
    return std::nullopt;
}

std::optional<LiveMessage> readLiveMessage(const QJsonValue& value) {
    const QString type = value["type"_L1].toString();
    if (type == "welcome"_L1)
        return readValid(value, readLiveWelcome);
    if (type == "events"_L1)
        return readValid(value, readLiveEvents);
    if (type == "gap"_L1)
        return readValid(value, readLiveGap);
    if (type == "heartbeat"_L1)
        return readValid(value, readLiveHeartbeat);
    return std::nullopt;
}

} // namespace breakwater::desktop::messages

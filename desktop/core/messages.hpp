// Generated from docs/openapi.json and docs/asyncapi.json by scripts/desktop-types.
#pragma once

#include "core/json_reader.hpp"

#include <optional>
#include <variant>

namespace breakwater::desktop::messages {

// The messages of the API, as docs/openapi.json and docs/asyncapi.json describe them. A member that the
// server may leave out, or send as null, is then empty: a null text, an invalid time, false, or no number.
// Above a text stand the values that it may have; newer servers may send others.

/// Why a request failed (RFC 9457).
struct Problem {
    QString type;
    QString title;
    std::optional<qint64> status;
    QString detail;
    QJsonArray errors;
    QJsonObject limit;
    QString requestId;
};

/// The tokens of a session.
struct TokenPair {
    QString accessToken;
    QString refreshToken;
    QString tokenType;
    double expiresInMinutes = 0;
    QString deviceCookie;
};

/// A user account.
struct User {
    qint64 id = 0;
    QString email;
    /// "user", "admin"
    QString role;
    QDateTime createdAt;
    bool disabled = false;
};

/// A kind of device and the readings it sends.
struct Category {
    QString slug;
    QString name;
    QString description;
    QString defaultName;
    QJsonArray intervalSeconds;
    QJsonObject samplePayload;
};

/// A device in a list.
struct Device {
    QString id;
    QString name;
    /// "weather_station", "indoor_thermometer", "ip_camera", "air_quality", "smart_lock"
    QString category;
    /// "active", "blocked", "deleted"
    QString status;
    QDateTime createdAt;
    bool simulated = false;
    bool neverHeard = false;
    std::optional<qint64> expectedIntervalSeconds;
};

/// A device with all its properties.
struct DeviceDetail {
    QString id;
    QString name;
    /// "weather_station", "indoor_thermometer", "ip_camera", "air_quality", "smart_lock"
    QString category;
    /// "active", "blocked", "deleted"
    QString status;
    QDateTime createdAt;
    QDateTime updatedAt;
    QDateTime lastReadingAt;
    bool simulated = false;
    bool neverHeard = false;
    std::optional<qint64> expectedIntervalSeconds;
    QDateTime firstReadingAt;
    /// "owner", "rule", "administrator"
    QString blockedByKind;
    QString blockedBy;
    QString blockedReason;
    QDateTime blockedAt;
    std::optional<qint64> blockedAlertId;
    bool mayRelease = false;
};

/// A device and the latest value of each of its fields.
struct DeviceLatest {
    QString deviceId;
    QString name;
    /// "weather_station", "indoor_thermometer", "ip_camera", "air_quality", "smart_lock"
    QString category;
    /// "active", "blocked", "deleted"
    QString status;
    bool simulated = false;
    bool neverHeard = false;
    std::optional<qint64> expectedIntervalSeconds;
    QDateTime lastReadingAt;
    QJsonArray fields;
};

/// The credentials of a device. The secret is shown only once.
struct DeviceCredentials {
    QString deviceId;
    QString deviceSecret;
    /// "weather_station", "indoor_thermometer", "ip_camera", "air_quality", "smart_lock"
    QString category;
};

/// A stored reading.
struct Reading {
    qint64 id = 0;
    QString deviceId;
    QDateTime deviceTimestamp;
    QDateTime receivedAt;
    QJsonObject payload;
    std::optional<qint64> payloadSize;
};

/// A stored reading, real or simulated.
struct ExportedReading {
    qint64 id = 0;
    QString deviceId;
    QDateTime deviceTimestamp;
    QDateTime receivedAt;
    bool simulated = false;
    QJsonObject payload;
    std::optional<qint64> payloadSize;
};

/// The number of readings in a range.
struct ReadingsMeta {
    qint64 totalReadings = 0;
    QDateTime latestReceivedAt;
    QDateTime oldestReceivedAt;
};

/// A field's values during one step.
struct SeriesBucket {
    QDateTime start;
    qint64 count = 0;
    double min = 0;
    double max = 0;
    double mean = 0;
    double first = 0;
    double last = 0;
};

/// The values of one field over time.
struct FieldSeries {
    QString field;
    QList<SeriesBucket> buckets;
};

/// Fields of a device over time, for charts.
struct Series {
    QString deviceId;
    QDateTime since;
    QDateTime until;
    double stepSeconds = 0;
    QJsonObject calendar;
    QList<FieldSeries> series;
};

/// An object that an event is about.
struct EventTarget {
    /// "device", "user", "session", "alert", "alert_rule", "webhook", "policy", "invitation"
    QString targetType;
    QString targetId;
};

/// An entry of the audit log.
struct SecurityEvent {
    qint64 id = 0;
    QDateTime createdAt;
    /// "user", "device", "system", "anonymous"
    QString actorType;
    QString actorId;
    /// "register", "login", "refresh", "logout", "device_create", "device_update", "device_block",
    /// "device_delete", "device_secret_rotate", "device_token_invalidate", "device_auth", "reading_accept",
    /// "reading_reject", "reading_rate_limit", "reading_seed", "user_create", "user_update", "user_delete",
    /// "refresh_reuse", "login_throttled", "device_auth_throttled", "register_throttled",
    /// "missing_authorization", "jwt_invalid", "device_forbidden", "admin_forbidden", "request_refused",
    /// "log_retention", "export_data", "policy_update", "import_data", "alert_raise", "alert_acknowledge",
    /// "alert_resolve", "alert_rule_create", "alert_rule_update", "alert_rule_delete", "webhook_create",
    /// "webhook_update", "webhook_delete", "webhook_dead_letter", "call_rate_limit", "session_end",
    /// "invitation_create", "invitation_delete", "clock_forward", "clock_back", "retention_release"
    QString eventType;
    /// "success", "denied", "error"
    QString status;
    QString detail;
    QString sourceAddress;
    QString requestId;
    QString route;
    bool simulated = false;
    std::optional<qint64> count;
    /// "device", "user", "session", "alert", "alert_rule", "webhook", "policy", "invitation"
    QString targetType;
    QString targetId;
    QList<EventTarget> targets;
    std::optional<qint64> targetCount;
};

/// A report that the condition of a rule is met, or was met.
struct Alert {
    QString id;
    std::optional<qint64> ruleId;
    QString ruleName;
    /// "field", "silence", "security"
    QString kind;
    /// "info", "warning", "critical"
    QString severity;
    QString deviceId;
    QString deviceName;
    QString subject;
    QString summary;
    /// "open", "acknowledged", "resolved"
    QString state;
    std::optional<qint64> count;
    bool quarantined = false;
    bool late = false;
    QDateTime raisedAt;
    QDateTime lastRaisedAt;
    QDateTime acknowledgedAt;
    QString acknowledgedBy;
    QDateTime resolvedAt;
    QString resolvedBy;
    QString note;
    bool simulated = false;
    bool deviceDeleted = false;
};

/// A ticket that opens one live connection.
struct LiveTicket {
    QString ticket;
    std::optional<qint64> expiresInSeconds;
};

/// The server stored a reading.
struct LiveReading {
    ExportedReading reading;
};

/// The server stored late readings of one batch. It sends at most the newest of them as an event.
struct LiveBackfill {
    QString deviceId;
    std::optional<qint64> count;
    QDateTime oldest;
    QDateTime newest;
    QDateTime receivedAt;
};

/// A device was created or changed, also by a policy that changes its expected interval.
struct LiveDevice {
    /// "created", "updated"
    QString change;
    QString deviceId;
    QString name;
    /// "weather_station", "indoor_thermometer", "ip_camera", "air_quality", "smart_lock"
    QString category;
    /// "active", "blocked"
    QString status;
    bool simulated = false;
    bool neverHeard = false;
    std::optional<qint64> expectedIntervalSeconds;
    QDateTime updatedAt;
};

/// A device was deleted.
struct LiveDeviceRemoval {
    QString deviceId;
};

/// An alert was raised, updated (raised again, or acknowledged) or resolved.
struct LiveAlert {
    /// "raised", "updated", "resolved"
    QString change;
    Alert alert;
};

/// The server recorded an event in the audit log.
struct LiveSecurityEvent {
    qint64 id = 0;
    QDateTime createdAt;
    /// "user", "device", "system", "anonymous"
    QString actorType;
    QString actorId;
    /// "register", "login", "refresh", "logout", "device_create", "device_update", "device_block",
    /// "device_delete", "device_secret_rotate", "device_token_invalidate", "device_auth", "reading_accept",
    /// "reading_reject", "reading_rate_limit", "reading_seed", "user_create", "user_update", "user_delete",
    /// "refresh_reuse", "login_throttled", "device_auth_throttled", "register_throttled",
    /// "missing_authorization", "jwt_invalid", "device_forbidden", "admin_forbidden", "request_refused",
    /// "log_retention", "export_data", "policy_update", "import_data", "alert_raise", "alert_acknowledge",
    /// "alert_resolve", "alert_rule_create", "alert_rule_update", "alert_rule_delete", "webhook_create",
    /// "webhook_update", "webhook_delete", "webhook_dead_letter", "call_rate_limit", "session_end",
    /// "invitation_create", "invitation_delete", "clock_forward", "clock_back", "retention_release"
    QString eventType;
    /// "success", "denied", "error"
    QString status;
    QString detail;
    QString sourceAddress;
    QString requestId;
    QString route;
    bool simulated = false;
    std::optional<qint64> count;
    /// "device", "user", "session", "alert", "alert_rule", "webhook", "policy", "invitation"
    QString targetType;
    QString targetId;
    QList<EventTarget> targets;
    std::optional<qint64> targetCount;
};

/// The answer to a hello with a valid credential.
struct LiveWelcome {
    QString cursor;
    std::optional<qint64> userId;
    bool administrator = false;
    QDateTime expiresAt;
};

/// Events that the client subscribed to and may see, in the order in which they happened.
struct LiveEvents {
    QJsonArray events;
    QString cursor;
};

/// The client missed events that the server no longer has. Events after the cursor follow.
struct LiveGap {
    QString cursor;
};

/// Shows that the connection is alive; sent when the server has sent nothing else for 5 seconds.
struct LiveHeartbeat {
    QString cursor;
};

/// An event of LiveEvents.
using LiveEvent =
    std::variant<LiveReading, LiveBackfill, LiveDevice, LiveDeviceRemoval, LiveAlert, LiveSecurityEvent>;

/// A message of a live connection.
using LiveMessage = std::variant<LiveWelcome, LiveEvents, LiveGap, LiveHeartbeat>;

// Each function reads one message. Errors are in `problem()` of the reader afterwards.
Problem readProblem(JsonReader& reader);
TokenPair readTokenPair(JsonReader& reader);
User readUser(JsonReader& reader);
Category readCategory(JsonReader& reader);
Device readDevice(JsonReader& reader);
DeviceDetail readDeviceDetail(JsonReader& reader);
DeviceLatest readDeviceLatest(JsonReader& reader);
DeviceCredentials readDeviceCredentials(JsonReader& reader);
Reading readReading(JsonReader& reader);
ExportedReading readExportedReading(JsonReader& reader);
ReadingsMeta readReadingsMeta(JsonReader& reader);
SeriesBucket readSeriesBucket(JsonReader& reader);
FieldSeries readFieldSeries(JsonReader& reader);
Series readSeries(JsonReader& reader);
EventTarget readEventTarget(JsonReader& reader);
SecurityEvent readSecurityEvent(JsonReader& reader);
Alert readAlert(JsonReader& reader);
LiveTicket readLiveTicket(JsonReader& reader);
LiveReading readLiveReading(JsonReader& reader);
LiveBackfill readLiveBackfill(JsonReader& reader);
LiveDevice readLiveDevice(JsonReader& reader);
LiveDeviceRemoval readLiveDeviceRemoval(JsonReader& reader);
LiveAlert readLiveAlert(JsonReader& reader);
LiveSecurityEvent readLiveSecurityEvent(JsonReader& reader);
LiveWelcome readLiveWelcome(JsonReader& reader);
LiveEvents readLiveEvents(JsonReader& reader);
LiveGap readLiveGap(JsonReader& reader);
LiveHeartbeat readLiveHeartbeat(JsonReader& reader);

// These return nothing if the message is invalid or of a type that the client doesn't know.
std::optional<LiveEvent> readLiveEvent(const QJsonValue& value);
std::optional<LiveMessage> readLiveMessage(const QJsonValue& value);

} // namespace breakwater::desktop::messages

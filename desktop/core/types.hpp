#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QString>

namespace breakwater::desktop {

/// An invalid time: there was none.
struct Device {
    QString id;
    QString name;
    QString foldedName; ///< by which it is looked for, in `DeviceModel`
    QString category;   ///< slug
    QString status;     ///< "active", "blocked"
    QDateTime createdAt;
    QDateTime updatedAt;
    QDateTime lastReadingAt;
    bool simulated = false;   ///< the server makes its readings up
    bool neverHeard = false;  ///< the server says so; else nothing may just be known yet
    int expectedInterval = 0; ///< seconds between two readings; 0: the server doesn't say
    // Of a blocked device, where it was asked for alone:
    QString blockedBy;
    QString blockedReason;
    QDateTime blockedAt;
    bool mayRelease = true;

    [[nodiscard]] bool isBlocked() const { return status == QLatin1String("blocked"); }
};

struct Category {
    QString slug;
    QString name;
    QString description;
    QString defaultName;
    int shortestInterval = 0; ///< seconds
    int longestInterval = 0;  ///< seconds
    QJsonObject samplePayload;
};

/// What a device signs in with; shown once.
struct DeviceCredentials {
    QString deviceId;
    QString secret;
    QString category;
};

struct Reading {
    qint64 id = 0;
    QString deviceId;
    QDateTime measuredAt; ///< by the device's clock
    QDateTime receivedAt;
    QJsonObject payload;
    qint64 size = 0; ///< bytes
    bool simulated = false;

    [[nodiscard]] QDateTime at() const { return measuredAt.isValid() ? measuredAt : receivedAt; }
};

struct ReadingsMeta {
    qint64 total = 0;
    QDateTime latest;
    QDateTime oldest;
};

/// A device and when it was last heard.
struct LastHeard {
    QString deviceId;
    QDateTime at;
};

/// A step of a series: what was measured in it.
struct SeriesPoint {
    qint64 at = 0; ///< milliseconds since 1970
    double low = 0;
    double high = 0;
    double mean = 0;
    qint64 count = 1; ///< readings
};

struct Series {
    QString field;
    QList<SeriesPoint> points;
};

struct SeriesAnswer {
    qint64 step = 0; ///< milliseconds
    QList<Series> series;
};

struct User {
    qint64 id = 0;
    QString email;
    QString role; ///< "user", "admin"
    QDateTime createdAt;
    bool disabled = false;
};

/// A thing that an event is about.
struct EventTarget {
    QString type; ///< "device", "user", …
    QString id;
};

struct SecurityEvent {
    qint64 id = 0;
    QDateTime createdAt;
    QString actorType;
    QString actorId;
    QString eventType;
    QString status;
    QString detail;
    QString sourceAddress;
    QString route;
    bool simulated = false;
    qint64 count = 1;
    QList<EventTarget> targets; ///< those that the server lists
    qint64 targetCount = 0;
};

struct Alert {
    QString id;
    QString ruleName;
    QString severity; ///< "info", "warning", "critical"
    QString state;    ///< "open", "acknowledged", "resolved"
    QString deviceId;
    QString deviceName;
    bool deviceDeleted = false;
    bool simulated = false;
    bool late = false; ///< it was over when it was told
    QString summary;
    qint64 count = 1;
    QDateTime raisedAt;
    QDateTime lastRaisedAt;
    QString acknowledgedBy;
    QString resolvedBy;
    QString note;
};

struct TokenPair {
    QString access;
    QString refresh;
    qint64 lifetime = 0;  ///< of the access token, in milliseconds
    QString deviceCookie; ///< of a sign-in: to be shown at the next one; empty where there is none
};

template <class T>
struct Page {
    QList<T> items;
    QString nextCursor; ///< empty: the last page, or a server that has no cursors
};

} // namespace breakwater::desktop

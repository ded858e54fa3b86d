#pragma once

#include "core/messages.hpp"

#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QString>

namespace breakwater::desktop {

// The client works with these messages as they are, and turns all others into the types below.
using messages::Alert;
using messages::DeviceCredentials;
using messages::DeviceLatest;
using messages::EventTarget;
using messages::ReadingsMeta;
using messages::User;

/// An invalid time means that there is none.
struct Device {
    QString id;
    QString name;
    QString foldedName; ///< for searching; set by `DeviceModel`
    QString category;   ///< slug
    QString status;     ///< "active", "blocked"
    QDateTime createdAt;
    QDateTime updatedAt;
    QDateTime lastReadingAt;
    bool simulated = false;   ///< the server simulates its readings
    bool neverHeard = false;  ///< as reported by the server; false may also mean unknown
    int expectedInterval = 0; ///< seconds between two readings; 0: unknown
    // Only for a blocked device that was fetched by id:
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

struct Reading {
    qint64 id = 0;
    QString deviceId;
    QDateTime measuredAt; ///< by the clock of the device
    QDateTime receivedAt;
    QJsonObject payload;
    qint64 size = 0; ///< bytes
    bool simulated = false;

    [[nodiscard]] QDateTime at() const { return measuredAt.isValid() ? measuredAt : receivedAt; }
};

/// One step of a series, with its readings aggregated.
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
    QList<EventTarget> targets; ///< the server may list only some of them
    qint64 targetCount = 0;
};

struct TokenPair {
    QString access;
    QString refresh;
    qint64 lifetime = 0;  ///< of the access token, in milliseconds
    QString deviceCookie; ///< to send with the next sign-in; empty if there is none
};

template <class T>
struct Page {
    QList<T> items;
    QString nextCursor; ///< empty: last page, or the server has no cursors
};

} // namespace breakwater::desktop

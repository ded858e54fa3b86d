#pragma once

#include "core/answer.hpp"
#include "core/json_reader.hpp"
#include "core/types.hpp"

#include <QByteArray>
#include <QJsonDocument>

namespace breakwater::desktop {

/// What the server said wasn't what it should be.
ApiError unreadable(const QString& problem);

Answer<QJsonValue> parseJson(const QByteArray& body);

// Each reads one value; what is wrong is in the reader's `problem()` afterwards.
/// 0: not told.
int readExpectedInterval(JsonReader& from);
Device readDevice(JsonReader& from);
Category readCategory(JsonReader& from);
DeviceCredentials readCredentials(JsonReader& from);
Reading readReading(JsonReader& from);
ReadingsMeta readMeta(JsonReader& from);
LastHeard readLastHeard(JsonReader& from);
SeriesAnswer readSeries(JsonReader& from);
User readUser(JsonReader& from);
SecurityEvent readSecurityEvent(JsonReader& from);
Alert readAlert(JsonReader& from);
TokenPair readTokens(JsonReader& from);

/// The value, or which member was wrong.
template <class T>
Answer<T> parseOne(const QJsonValue& value, T (*read)(JsonReader&)) {
    JsonReader reader{value};
    T parsed = read(reader);
    if (!reader.ok())
        return std::unexpected(unreadable(reader.problem()));
    return parsed;
}

template <class T>
Answer<QList<T>> parseList(const QJsonValue& value, T (*read)(JsonReader&)) {
    if (!value.isArray())
        return std::unexpected(unreadable(QStringLiteral("a list was expected")));
    const QJsonArray array = value.toArray();
    QList<T> parsed;
    parsed.reserve(array.size());
    for (const QJsonValue& each : array) {
        auto one = parseOne(each, read);
        if (!one)
            return std::unexpected(one.error());
        parsed.push_back(*std::move(one));
    }
    return parsed;
}

template <class T>
Answer<T> parseOne(const Answer<QJsonValue>& json, T (*read)(JsonReader&)) {
    return json ? parseOne(*json, read) : std::unexpected(json.error());
}

template <class T>
Answer<QList<T>> parseList(const Answer<QJsonValue>& json, T (*read)(JsonReader&)) {
    return json ? parseList(*json, read) : std::unexpected(json.error());
}

} // namespace breakwater::desktop

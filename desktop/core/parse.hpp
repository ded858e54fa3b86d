#pragma once

#include "core/answer.hpp"
#include "core/json_reader.hpp"
#include "core/types.hpp"

#include <QByteArray>
#include <QJsonDocument>

namespace breakwater::desktop {

/// The error for a response that can't be parsed.
ApiError unreadable(const QString& problem);

Answer<QJsonValue> parseJson(const QByteArray& body);

// Each function reads one value. Errors are in `problem()` of the reader afterwards.
/// In seconds; 0 if the server does not send it.
int readExpectedInterval(JsonReader& reader);
Device readDevice(JsonReader& reader);
Category readCategory(JsonReader& reader);
DeviceCredentials readCredentials(JsonReader& reader);
Reading readReading(JsonReader& reader);
ReadingsMeta readMeta(JsonReader& reader);
LastReading readLastReading(JsonReader& reader);
SeriesAnswer readSeries(JsonReader& reader);
User readUser(JsonReader& reader);
SecurityEvent readSecurityEvent(JsonReader& reader);
Alert readAlert(JsonReader& reader);
TokenPair readTokens(JsonReader& reader);

/// Returns the value, or an error that names the first invalid member.
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
        return std::unexpected(unreadable(QStringLiteral("expected a list")));
    const QJsonArray array = value.toArray();
    QList<T> parsed;
    parsed.reserve(array.size());
    for (const QJsonValue element : array) {
        auto item = parseOne(element, read);
        if (!item)
            return std::unexpected(item.error());
        parsed.push_back(*std::move(item));
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

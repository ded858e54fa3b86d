#pragma once

#include "core/answer.hpp"
#include "core/json_reader.hpp"
#include "core/messages.hpp"
#include "core/types.hpp"

#include <QByteArray>
#include <QJsonDocument>

namespace breakwater::desktop {

/// The error for a response that can't be parsed.
ApiError unreadable(const QString& problem);

Answer<QJsonValue> parseJson(const QByteArray& body);

// Each function turns a message into the type that the client works with.
Device toModel(const messages::Device& message);
Device toModel(const messages::DeviceDetail& message);
Device toModel(const messages::LiveDevice& message);
Category toModel(const messages::Category& message);
Reading toModel(const messages::Reading& message);
Reading toModel(const messages::ExportedReading& message);
SeriesAnswer toModel(const messages::Series& message);
SecurityEvent toModel(const messages::SecurityEvent& message);
SecurityEvent toModel(const messages::LiveSecurityEvent& message);
TokenPair toModel(const messages::TokenPair& message);

/// Reads a message with `read` and turns it into the type that the client works with.
template <auto read>
auto readModel(JsonReader& reader) {
    return toModel(read(reader));
}

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

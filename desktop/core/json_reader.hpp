#pragma once

#include "core/answer.hpp"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QList>

#include <optional>

namespace breakwater::desktop {

/// Reads the members of a JSON object from a server. Never throws: a missing member or a wrong type yields an
/// empty value and sets `problem()`. Check `problem()` after reading all members.
class JsonReader {
public:
    explicit JsonReader(const QJsonValue& value);

    QString text(QLatin1StringView name);
    QString optionalText(QLatin1StringView name); ///< absent or null: empty
    qint64 integer(QLatin1StringView name);
    std::optional<qint64> optionalInteger(QLatin1StringView name); ///< absent or null: nothing
    double number(QLatin1StringView name);
    bool optionalFlag(QLatin1StringView name); ///< absent or null: false
    QDateTime time(QLatin1StringView name);
    QDateTime optionalTime(QLatin1StringView name); ///< absent or null: invalid
    QJsonObject object(QLatin1StringView name);
    QJsonObject optionalObject(QLatin1StringView name); ///< absent or null: empty
    QJsonArray array(QLatin1StringView name);
    QJsonArray optionalArray(QLatin1StringView name); ///< absent or null: empty
    /// A number or a string, as a string: servers use different types for ids.
    QString identifier(QLatin1StringView name);
    QString optionalIdentifier(QLatin1StringView name); ///< absent or null: empty
    /// `read` reads the nested object, or each object of the array. This reader takes over its problem.
    template <class T>
    T message(QLatin1StringView name, T (*read)(JsonReader&)) {
        return part(name, object(name), read);
    }
    template <class T>
    QList<T> list(QLatin1StringView name, T (*read)(JsonReader&)) {
        return parts(name, array(name), read);
    }
    template <class T> ///< absent or null: empty
    QList<T> optionalList(QLatin1StringView name, T (*read)(JsonReader&)) {
        return parts(name, optionalArray(name), read);
    }

    [[nodiscard]] bool ok() const { return m_problem.isEmpty(); }
    [[nodiscard]] QString problem() const { return m_problem; }

private:
    QJsonValue member(QLatin1StringView name, bool required);
    void setProblem(QLatin1StringView name, const char* problem);
    void adoptProblem(QLatin1StringView name, const JsonReader& part);

    template <class T>
    T part(QLatin1StringView name, const QJsonValue& value, T (*read)(JsonReader&)) {
        JsonReader reader{value};
        T message = read(reader);
        adoptProblem(name, reader);
        return message;
    }
    template <class T>
    QList<T> parts(QLatin1StringView name, const QJsonArray& array, T (*read)(JsonReader&)) {
        QList<T> messages;
        messages.reserve(array.size());
        for (const QJsonValue element : array)
            messages.push_back(part(name, element, read));
        return messages;
    }

    QJsonObject m_object;
    QString m_problem;
};

/// Parses an RFC 3339 time. Without an offset it is UTC. Returns an invalid time on error.
QDateTime parseTime(const QString& text);

} // namespace breakwater::desktop

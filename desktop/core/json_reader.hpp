#pragma once

#include "core/answer.hpp"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>

namespace breakwater::desktop {

/// Reads the members of an object that a server sent. What is missing or of another type is remembered, and
/// nothing breaks: one looks at `problem()` when all is read.
class JsonReader {
public:
    explicit JsonReader(const QJsonValue& value);

    QString text(QLatin1StringView name);
    QString optionalText(QLatin1StringView name); ///< absent or null: empty
    qint64 integer(QLatin1StringView name);
    qint64 optionalInteger(QLatin1StringView name, qint64 otherwise);
    double number(QLatin1StringView name);
    bool optionalFlag(QLatin1StringView name);
    QDateTime time(QLatin1StringView name);
    QDateTime optionalTime(QLatin1StringView name); ///< absent or null: invalid
    QJsonObject object(QLatin1StringView name);
    QJsonArray array(QLatin1StringView name);
    QJsonArray optionalArray(QLatin1StringView name); ///< absent or null: empty
    /// A number or a text, as text: servers differ in what their ids are. Absent or null: empty.
    QString optionalIdentifier(QLatin1StringView name);

    [[nodiscard]] bool ok() const { return m_problem.isEmpty(); }
    [[nodiscard]] QString problem() const { return m_problem; }

private:
    QJsonValue member(QLatin1StringView name, bool required);
    void wrong(QLatin1StringView name, const char* expected);

    QJsonObject m_object;
    QString m_problem;
};

/// RFC 3339; without an offset it is UTC. Invalid where it is none.
QDateTime parseTime(const QString& text);

} // namespace breakwater::desktop

#pragma once

#include "core/answer.hpp"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>

namespace breakwater::desktop {

/// Reads the members of a JSON object from a server. Never throws: a missing member or a wrong type yields an
/// empty value and sets `problem()`. Check `problem()` after reading all members.
class JsonReader {
public:
    explicit JsonReader(const QJsonValue& value);

    QString text(QLatin1StringView name);
    QString optionalText(QLatin1StringView name); ///< absent or null: empty
    qint64 integer(QLatin1StringView name);
    qint64 optionalInteger(QLatin1StringView name, qint64 fallback);
    double number(QLatin1StringView name);
    bool optionalFlag(QLatin1StringView name);
    QDateTime time(QLatin1StringView name);
    QDateTime optionalTime(QLatin1StringView name); ///< absent or null: invalid
    QJsonObject object(QLatin1StringView name);
    QJsonArray array(QLatin1StringView name);
    QJsonArray optionalArray(QLatin1StringView name); ///< absent or null: empty
    /// A number or a string, as a string: servers use different types for ids. Absent or null: empty.
    QString optionalIdentifier(QLatin1StringView name);

    [[nodiscard]] bool ok() const { return m_problem.isEmpty(); }
    [[nodiscard]] QString problem() const { return m_problem; }

private:
    QJsonValue member(QLatin1StringView name, bool required);
    void setProblem(QLatin1StringView name, const char* problem);

    QJsonObject m_object;
    QString m_problem;
};

/// Parses an RFC 3339 time. Without an offset it is UTC. Returns an invalid time on error.
QDateTime parseTime(const QString& text);

} // namespace breakwater::desktop

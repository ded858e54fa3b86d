#include "core/json_reader.hpp"

#include <cmath>

namespace breakwater::desktop {

namespace {

/// Up to here a double represents every integer.
constexpr double largestInteger = 9007199254740992.0;

bool isInteger(const QJsonValue& value) {
    const double number = value.toDouble();
    return value.isDouble() && std::abs(number) <= largestInteger && std::floor(number) == number;
}

} // namespace

JsonReader::JsonReader(const QJsonValue& value) : m_object{value.toObject()} {
    if (!value.isObject())
        m_problem = QStringLiteral("expected an object");
}

QJsonValue JsonReader::member(QLatin1StringView name, bool required) {
    const QJsonValue value = m_object.value(name);
    if (required && (value.isUndefined() || value.isNull()))
        setProblem(name, "is missing");
    return value.isNull() ? QJsonValue{QJsonValue::Undefined} : value;
}

void JsonReader::setProblem(QLatin1StringView name, const char* problem) {
    if (m_problem.isEmpty())
        m_problem = QStringLiteral("%1 %2").arg(name, QLatin1StringView{problem});
}

void JsonReader::adoptProblem(QLatin1StringView name, const JsonReader& part) {
    if (m_problem.isEmpty() && !part.ok())
        m_problem = QStringLiteral("%1: %2").arg(name, part.problem());
}

QString JsonReader::text(QLatin1StringView name) {
    const QJsonValue value = member(name, true);
    if (!value.isString())
        setProblem(name, "is not a string");
    return value.toString();
}

QString JsonReader::optionalText(QLatin1StringView name) {
    const QJsonValue value = member(name, false);
    if (!value.isUndefined() && !value.isString())
        setProblem(name, "is not a string");
    return value.toString();
}

qint64 JsonReader::integer(QLatin1StringView name) {
    const QJsonValue value = member(name, true);
    if (!isInteger(value))
        setProblem(name, "is not an integer");
    return value.toInteger();
}

std::optional<qint64> JsonReader::optionalInteger(QLatin1StringView name) {
    const QJsonValue value = member(name, false);
    if (value.isUndefined())
        return std::nullopt;
    if (!isInteger(value))
        setProblem(name, "is not an integer");
    return value.toInteger();
}

double JsonReader::number(QLatin1StringView name) {
    const QJsonValue value = member(name, true);
    if (!value.isDouble())
        setProblem(name, "is not a number");
    return value.toDouble();
}

bool JsonReader::optionalFlag(QLatin1StringView name) {
    const QJsonValue value = member(name, false);
    if (!value.isUndefined() && !value.isBool())
        setProblem(name, "is not a boolean");
    return value.toBool();
}

QDateTime JsonReader::time(QLatin1StringView name) {
    member(name, true);
    return optionalTime(name);
}

QDateTime JsonReader::optionalTime(QLatin1StringView name) {
    const QJsonValue value = member(name, false);
    if (value.isUndefined())
        return {};
    const QDateTime time = parseTime(value.toString());
    if (!time.isValid())
        setProblem(name, "is not a time");
    return time;
}

QJsonObject JsonReader::object(QLatin1StringView name) {
    const QJsonValue value = member(name, true);
    if (!value.isObject())
        setProblem(name, "is not an object");
    return value.toObject();
}

QJsonObject JsonReader::optionalObject(QLatin1StringView name) {
    const QJsonValue value = member(name, false);
    if (!value.isUndefined() && !value.isObject())
        setProblem(name, "is not an object");
    return value.toObject();
}

QJsonArray JsonReader::array(QLatin1StringView name) {
    const QJsonValue value = member(name, true);
    if (!value.isArray())
        setProblem(name, "is not an array");
    return value.toArray();
}

QJsonArray JsonReader::optionalArray(QLatin1StringView name) {
    const QJsonValue value = member(name, false);
    if (!value.isUndefined() && !value.isArray())
        setProblem(name, "is not an array");
    return value.toArray();
}

QString JsonReader::identifier(QLatin1StringView name) {
    member(name, true);
    return optionalIdentifier(name);
}

QString JsonReader::optionalIdentifier(QLatin1StringView name) {
    const QJsonValue value = member(name, false);
    if (isInteger(value))
        return QString::number(value.toInteger());
    if (!value.isUndefined() && !value.isString())
        setProblem(name, "is not an id");
    return value.toString();
}

QDateTime parseTime(const QString& text) {
    QDateTime time = QDateTime::fromString(text.trimmed(), Qt::ISODateWithMs);
    if (time.isValid() && time.timeSpec() == Qt::LocalTime)
        time.setTimeSpec(Qt::UTC);
    return time.isValid() ? time.toUTC() : time;
}

} // namespace breakwater::desktop

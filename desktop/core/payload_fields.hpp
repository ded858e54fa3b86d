#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>

#include <utility>

namespace breakwater::desktop {

/// What was measured, by name: nested names are joined by dots. Members that say how the payload came about
/// are left out, and arrays.
using PayloadFields = QList<std::pair<QString, QJsonValue>>;

PayloadFields fieldsOf(const QJsonObject& payload);

/// "metrics.temperature_c" as people read it: "temperature c".
QString fieldLabel(const QString& field);

/// A value as text; numbers in the shortest form that says the same.
QString valueText(const QJsonValue& value);

/// A number, or true and false as 1 and 0; NaN where it can't be drawn.
double drawable(const QJsonValue& value);

} // namespace breakwater::desktop

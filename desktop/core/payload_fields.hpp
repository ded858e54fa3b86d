#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>

#include <utility>

namespace breakwater::desktop {

/// The values of a payload by field name, without the members "__simulated__", "timestamp" and "category".
using PayloadFields = QList<std::pair<QString, QJsonValue>>;

PayloadFields fieldsOf(const QJsonObject& payload);

/// A value as text in the current locale. Numbers have the shortest form that keeps their exact value.
QString valueText(const QJsonValue& value);

/// A measured value as text: up to 6 significant digits, or up to 3 decimals if that is more. This hides the
/// rounding errors of binary fractions. Very small and very large values use exponents.
QString measuredText(double value);

/// The value for a chart: a number, or 1 and 0 for true and false. NaN for all other values.
double chartValue(const QJsonValue& value);

} // namespace breakwater::desktop

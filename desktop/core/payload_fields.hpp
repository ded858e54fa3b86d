#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>

#include <utility>

namespace breakwater::desktop {

/// What was measured, by name. Members that say how the payload came about are left out.
using PayloadFields = QList<std::pair<QString, QJsonValue>>;

PayloadFields fieldsOf(const QJsonObject& payload);

/// A value as text, as people write it in their language; numbers in the shortest form that says the same.
QString valueText(const QJsonValue& value);

/// What was measured, as precisely as it was: 6 significant digits and 3 decimals at least, without the noise
/// of binary fractions. What is very small or large is in powers of ten.
QString measuredText(double value);

/// A number, or true and false as 1 and 0; NaN where it can't be drawn.
double drawable(const QJsonValue& value);

} // namespace breakwater::desktop

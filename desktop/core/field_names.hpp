#pragma once

#include <QHash>
#include <QString>
#include <QStringList>

namespace breakwater::desktop {

/// The unit of a field, from the suffix of its name: "temperature_c" is in °C. Empty if unknown.
QString unitOf(const QString& field);

/// A readable label in the language of the UI: "battery.temperature_c" is "battery temperature". Includes the
/// path, because a device may have several fields with the same last key.
QString fieldLabel(const QString& field);

/// Labels of fields that are shown together. Fields with equal labels get their full names instead.
QHash<QString, QString> fieldLabels(const QStringList& fields);

/// The label with the unit: "temperature (°C)".
QString withUnit(const QString& label, const QString& field);

/// The translated name or description of a known category; `serverText` for any other category.
QString categoryName(const QString& slug, const QString& serverText);
QString categoryDescription(const QString& slug, const QString& serverText);

} // namespace breakwater::desktop

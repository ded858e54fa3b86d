#pragma once

#include <QHash>
#include <QString>
#include <QStringList>

namespace breakwater::desktop {

/// What a field's values are in, by the end of its name: "temperature_c" is in °C. Empty: nobody knows.
QString unitOf(const QString& field);

/// "battery.temperature_c" as people read it, in their language: "battery temperature". With the way to it,
/// for a device may have a temperature of its battery and one of the room.
QString fieldLabel(const QString& field);

/// What fields that are shown together are called. Those that would be called the same are spelled as they
/// are.
QHash<QString, QString> fieldLabels(const QStringList& fields);

/// A label with the unit: "temperature (°C)".
QString withUnit(const QString& label, const QString& field);

/// A category the server knows, in the person's language; of any other, what the server calls it.
QString categoryName(const QString& slug, const QString& said);
QString categoryDescription(const QString& slug, const QString& said);

} // namespace breakwater::desktop

#pragma once

#include <QJsonObject>
#include <QJsonValue>
#include <QList>
#include <QString>

#include <optional>
#include <variant>

namespace breakwater::desktop {

// Names of values in a payload. server/domain/field_name.hpp documents the grammar. Both implementations are
// tested with tests/support/field_names.json.

/// The key of a member, or the index of an array element.
using FieldStep = std::variant<QString, int>;
using FieldPath = QList<FieldStep>;

/// At most this many values in an array have names, including values nested in its elements.
inline constexpr int maxArrayNames = 64;

/// The name of a member of `parent`. An empty `parent` is the payload itself.
QString memberName(const QString& parent, const QString& key);
QString elementName(const QString& parent, int index);
QString writeFieldName(const FieldPath& path);

/// Returns nullopt for an invalid name.
std::optional<FieldPath> readFieldName(const QString& name);
/// The value of the field in `payload`; undefined if the payload does not have the field.
QJsonValue valueAt(const QJsonObject& payload, const QString& name);

} // namespace breakwater::desktop

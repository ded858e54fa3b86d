#pragma once

#include <QList>
#include <QString>

#include <optional>
#include <variant>

namespace breakwater::desktop {

// The name of a value in a payload: the grammar of server/domain/field_name.hpp, which says more. The vectors
// of tests/support/field_names.json hold for both.

/// A member's key, or an element's number.
using FieldStep = std::variant<QString, int>;
using FieldPath = QList<FieldStep>;

/// So many values within an array have names, those of what is nested in it counted with it.
inline constexpr int mostOfArray = 64;

/// The name of a member of what `way` names; an empty `way` is the payload itself.
QString memberOf(const QString& way, const QString& key);
QString elementOf(const QString& way, int index);
QString writeFieldName(const FieldPath& path);

/// Nothing where it is no name.
std::optional<FieldPath> readFieldName(const QString& name);

} // namespace breakwater::desktop

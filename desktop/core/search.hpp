#pragma once

#include <QCollator>
#include <QString>

namespace breakwater::desktop {

/// A text as it is looked for: without case and accents, so that "lodz" finds "Łódź".
QString folded(const QString& text);

/// Whether a text has what was typed, spaces around that aside.
bool hasText(const QString& text, const QString& typed);

/// Orders names as people count and read: "Pump 9" before "Pump 10", whatever their case.
QCollator naturalCollator();

} // namespace breakwater::desktop

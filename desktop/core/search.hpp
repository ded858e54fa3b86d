#pragma once

#include <QCollator>
#include <QString>

namespace breakwater::desktop {

/// The text without case and accents, for searching: "lodz" finds "Łódź".
QString folded(const QString& text);

/// Whether `text` contains the search text, ignoring case, accents and surrounding spaces.
bool containsText(const QString& text, const QString& pattern);

/// Orders names naturally and without case: "Pump 9" before "Pump 10".
QCollator naturalCollator();

} // namespace breakwater::desktop

#pragma once

#include "core/freshness.hpp"

#include <QDateTime>
#include <QString>

namespace breakwater::desktop {

/// "12 s ago"; "never" for an invalid time.
QString ago(const QDateTime& then, const QDateTime& now);
/// In the time of this machine; empty for an invalid time.
QString localTime(const QDateTime& time);
/// The time of day, to the minute, in that of this machine.
QString clockTime(const QDateTime& time);
QString freshnessName(Freshness freshness);
/// In place of the name of Unknown, where there is room.
QString unknownSince(const QDateTime& since);

} // namespace breakwater::desktop

#pragma once

#include "core/freshness.hpp"

#include <QDateTime>
#include <QString>

namespace breakwater::desktop {

/// "12 s ago"; "never" for an invalid time.
QString ago(const QDateTime& then, const QDateTime& now);
/// In local time; empty for an invalid time.
QString localTime(const QDateTime& time);
/// The local time of day, to the minute.
QString clockTime(const QDateTime& time);
QString freshnessName(Freshness freshness);
/// The long form of the name of Freshness::Unknown.
QString unknownSince(const QDateTime& since);

} // namespace breakwater::desktop

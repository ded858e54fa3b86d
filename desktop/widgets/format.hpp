#pragma once

#include "core/freshness.hpp"

#include <QDateTime>
#include <QString>

namespace breakwater::desktop {

/// "12 s ago"; "never" for an invalid time.
QString ago(const QDateTime& then, const QDateTime& now);
/// In the time of this machine; empty for an invalid time.
QString localTime(const QDateTime& time);
QString freshnessName(Freshness freshness);

} // namespace breakwater::desktop

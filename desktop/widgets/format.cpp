#include "widgets/format.hpp"

#include <QCoreApplication>

#include <algorithm>

namespace breakwater::desktop {

QString ago(const QDateTime& then, const QDateTime& now) {
    if (!then.isValid())
        return QCoreApplication::translate("format", "never");
    const qint64 seconds = std::max<qint64>(0, then.secsTo(now));
    if (seconds < 60)
        return QCoreApplication::translate("format", "%1 s ago").arg(seconds);
    if (seconds < 3600)
        return QCoreApplication::translate("format", "%1 min ago").arg(seconds / 60);
    if (seconds < 86'400)
        return QCoreApplication::translate("format", "%1 h ago").arg(seconds / 3600);
    return QCoreApplication::translate("format", "%1 d ago").arg(seconds / 86'400);
}

QString localTime(const QDateTime& time) {
    return time.isValid() ? time.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")) : QString{};
}

QString unknownSince(const QDateTime& since) {
    return QCoreApplication::translate("format", "Unknown since %1").arg(clockTime(since));
}

QString clockTime(const QDateTime& time) {
    return time.toLocalTime().toString(QStringLiteral("HH:mm"));
}

QString freshnessName(Freshness freshness) {
    switch (freshness) {
    case Freshness::Fresh: return QCoreApplication::translate("format", "Reporting");
    case Freshness::Late: return QCoreApplication::translate("format", "Late");
    case Freshness::Silent: return QCoreApplication::translate("format", "Silent");
    case Freshness::Never: return QCoreApplication::translate("format", "No readings yet");
    case Freshness::Blocked: return QCoreApplication::translate("format", "Blocked");
    case Freshness::Unknown: return QCoreApplication::translate("format", "Unknown");
    }
    return {};
}

} // namespace breakwater::desktop

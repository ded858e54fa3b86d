#pragma once

#include <QDateTime>
#include <QString>
#include <QUrlQuery>

namespace breakwater::desktop {

/// The time range of the readings on screen: the last `lastSeconds` seconds, or from `since` to `until`. An
/// invalid time is no bound.
struct TimeRange {
    qint64 lastSeconds = 0; ///< 0: `since` and `until` apply
    QDateTime since;
    QDateTime until;

    static TimeRange last(qint64 seconds) { return {.lastSeconds = seconds, .since = {}, .until = {}}; }

    [[nodiscard]] QDateTime begin(const QDateTime& now) const {
        return lastSeconds > 0 ? now.addSecs(-lastSeconds) : since;
    }
    [[nodiscard]] QDateTime end() const { return lastSeconds > 0 ? QDateTime{} : until; }
    /// New readings may fall into the range.
    [[nodiscard]] bool isOpen() const { return !end().isValid(); }
    [[nodiscard]] bool contains(const QDateTime& time, const QDateTime& now) const {
        return (!begin(now).isValid() || time >= begin(now)) && (!end().isValid() || time <= end());
    }

    friend bool operator==(const TimeRange&, const TimeRange&) = default;
};

/// A time in the format of the API.
inline QString apiTime(const QDateTime& time) {
    return time.toUTC().toString(Qt::ISODateWithMs);
}

inline void addRange(QUrlQuery& query, const TimeRange& range, const QDateTime& now) {
    if (const QDateTime since = range.begin(now); since.isValid())
        query.addQueryItem(QStringLiteral("since"), apiTime(since));
    if (const QDateTime until = range.end(); until.isValid())
        query.addQueryItem(QStringLiteral("until"), apiTime(until));
}

} // namespace breakwater::desktop

#include "core/chart_data.hpp"

#include "core/freshness.hpp"
#include "core/payload_fields.hpp"

#include <algorithm>
#include <cmath>

namespace breakwater::desktop {

void ChartData::setFields(const QStringList& fields) {
    m_fields = fields;
    m_points.removeIf([&](auto entry) { return !fields.contains(entry.key()); });
    Q_EMIT changed();
}

const QList<SeriesPoint>& ChartData::points(const QString& field) const {
    static const QList<SeriesPoint> none;
    const auto entry = m_points.constFind(field);
    return entry == m_points.constEnd() ? none : *entry;
}

void ChartData::assign(const QList<Series>& series, qint64 step) {
    m_step = step;
    m_points.clear();
    for (const Series& item : series)
        if (m_fields.contains(item.field))
            m_points.insert(item.field, item.points);
    Q_EMIT changed();
}

void ChartData::assign(const QList<Reading>& readings) {
    m_step = 0;
    m_points.clear();
    add(readings);
}

void ChartData::add(const QList<Reading>& readings) {
    for (const Reading& reading : readings)
        insert(reading);
    Q_EMIT changed();
}

void ChartData::insert(const Reading& reading) {
    const qint64 at = reading.at().toMSecsSinceEpoch();
    for (const auto& [name, value] : fieldsOf(reading.payload)) {
        const double number = chartValue(value);
        if (std::isnan(number) || !m_fields.contains(name))
            continue;
        QList<SeriesPoint>& points = m_points[name];
        // The point of the last, unfinished step lies in the middle of the step, which may be in the future.
        // The new reading is the latest one, so move that point before it.
        if (m_step > 0 && !points.isEmpty() && points.last().at >= at && points.last().at - m_step / 2 <= at)
            points.last().at = at - 1;
        const auto position =
            std::upper_bound(points.begin(), points.end(), at,
                             [](qint64 time, const SeriesPoint& point) { return time < point.at; });
        points.insert(position, {.at = at, .low = number, .high = number, .mean = number});
        if (points.size() > maxPoints)
            points.remove(0, points.size() - maxPoints);
    }
}

void ChartData::clear() {
    m_points.clear();
    m_step = 0;
    Q_EMIT changed();
}

void ChartData::setBounds(qint64 begin, qint64 end) {
    m_begin = begin;
    m_end = end;
    Q_EMIT changed();
}

qint64 ChartData::longestGap(const QString& field) const {
    return longestGapOf(points(field), m_step, m_defaultGap);
}

qint64 longestGapOf(const QList<SeriesPoint>& points, qint64 step, qint64 defaultGap) {
    QList<qint64> intervals;
    intervals.reserve(points.size());
    for (qsizetype n = 1; n < points.size(); ++n)
        intervals.push_back((points[n].at - points[n - 1].at) / points[n - 1].count);
    // A single interval does not show what is usual.
    qint64 usualInterval = defaultGap / silentAfterIntervals;
    if (intervals.size() >= 2) {
        // The lower median, so that one outage among few readings does not count as usual.
        const auto median = intervals.begin() + (intervals.size() - 1) / 2;
        std::nth_element(intervals.begin(), median, intervals.end());
        usualInterval = *median;
    }
    return std::max(step * 3 / 2, usualInterval * silentAfterIntervals);
}

} // namespace breakwater::desktop

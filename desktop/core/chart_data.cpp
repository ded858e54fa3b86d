#include "core/chart_data.hpp"

#include "core/freshness.hpp"
#include "core/payload_fields.hpp"

#include <algorithm>
#include <cmath>

namespace breakwater::desktop {

void ChartData::setFields(const QStringList& fields) {
    m_fields = fields;
    m_points.removeIf([&](auto each) { return !fields.contains(each.key()); });
    Q_EMIT changed();
}

const QList<SeriesPoint>& ChartData::points(const QString& field) const {
    static const QList<SeriesPoint> none;
    const auto found = m_points.constFind(field);
    return found == m_points.constEnd() ? none : *found;
}

void ChartData::assign(const QList<Series>& series, qint64 step) {
    m_step = step;
    m_points.clear();
    for (const Series& each : series)
        if (m_fields.contains(each.field))
            m_points.insert(each.field, each.points);
    Q_EMIT changed();
}

void ChartData::assign(const QList<Reading>& readings) {
    m_step = 0;
    m_points.clear();
    add(readings);
}

void ChartData::add(const QList<Reading>& readings) {
    for (const Reading& each : readings)
        insert(each);
    Q_EMIT changed();
}

void ChartData::insert(const Reading& reading) {
    const qint64 at = reading.at().toMSecsSinceEpoch();
    for (const auto& [name, value] : fieldsOf(reading.payload)) {
        const double number = drawable(value);
        if (std::isnan(number) || !m_fields.contains(name))
            continue;
        QList<SeriesPoint>& points = m_points[name];
        // The last step of a series isn't over, and its point stands in its middle: what comes now is newer.
        if (m_step > 0 && !points.isEmpty() && points.last().at >= at && points.last().at - m_step / 2 <= at)
            points.last().at = at - 1;
        const auto place =
            std::upper_bound(points.begin(), points.end(), at,
                             [](qint64 time, const SeriesPoint& point) { return time < point.at; });
        points.insert(place, {.at = at, .low = number, .high = number, .mean = number});
        if (points.size() > mostPoints)
            points.remove(0, points.size() - mostPoints);
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
    return gapOf(points(field), m_step, m_silence);
}

qint64 gapOf(const QList<SeriesPoint>& points, qint64 step, qint64 silence) {
    QList<qint64> intervals;
    intervals.reserve(points.size());
    for (qsizetype n = 1; n < points.size(); ++n)
        intervals.push_back((points[n].at - points[n - 1].at) / points[n - 1].count);
    // Of a single one nobody knows whether it is usual.
    qint64 usual = silence / silentAfterIntervals;
    if (intervals.size() >= 2) {
        // The lower one of two, so that one long time among few is not taken for usual.
        const auto middle = intervals.begin() + (intervals.size() - 1) / 2;
        std::nth_element(intervals.begin(), middle, intervals.end());
        usual = *middle;
    }
    return std::max(step * 3 / 2, usual * silentAfterIntervals);
}

} // namespace breakwater::desktop

#pragma once

#include "core/types.hpp"

#include <QHash>
#include <QObject>
#include <QStringList>

namespace breakwater::desktop {

/// The data of a chart: the points of each selected field, oldest first, and the visible time range.
class ChartData : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    void setFields(const QStringList& fields);
    [[nodiscard]] const QStringList& fields() const { return m_fields; }
    [[nodiscard]] const QList<SeriesPoint>& points(const QString& field) const;

    /// Replaces all points with these series. `step`: milliseconds that a point covers.
    void assign(const QList<Series>& series, qint64 step);
    /// Replaces all points with those of the readings, which may be in any order.
    void assign(const QList<Reading>& readings);
    /// Adds new readings. Late readings are inserted at their time.
    void add(const QList<Reading>& readings);
    void clear();

    /// Milliseconds since 1970. An `end` of 0 means the current time.
    void setBounds(qint64 begin, qint64 end);
    [[nodiscard]] qint64 begin() const { return m_begin; }
    [[nodiscard]] qint64 end() const { return m_end; }
    /// The longest gap that a line bridges while a field has too few readings to measure it, in milliseconds.
    void setDefaultGap(qint64 defaultGap) { m_defaultGap = defaultGap; }
    /// The line of the field is not drawn across longer gaps, in milliseconds.
    [[nodiscard]] qint64 longestGap(const QString& field) const;

    static constexpr qsizetype maxPoints = 20'000; ///< per field; the oldest points are dropped

Q_SIGNALS:
    void changed();

private:
    void insert(const Reading& reading);

    QStringList m_fields;
    QHash<QString, QList<SeriesPoint>> m_points;
    qint64 m_begin = 0;
    qint64 m_end = 0;
    qint64 m_step = 0;
    qint64 m_defaultGap = 0;
};

/// The longest gap, in milliseconds, that a line bridges: three times the usual interval of this field and
/// device. The usual interval is the median time between two readings; readings within one step count as
/// evenly spaced. `step`: milliseconds that a point covers, 0 for single readings. `defaultGap`: the result
/// when there are too few readings; the time after which a device of the category counts as silent. Keep in
/// step with web/src/features/device/series.ts.
[[nodiscard]] qint64 longestGapOf(const QList<SeriesPoint>& points, qint64 step, qint64 defaultGap);

} // namespace breakwater::desktop

#pragma once

#include "core/types.hpp"

#include <QHash>
#include <QObject>
#include <QStringList>

namespace breakwater::desktop {

/// What a chart draws: for each chosen field its points, oldest first, and which time is looked at.
class ChartData : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    void setFields(const QStringList& fields);
    [[nodiscard]] const QStringList& fields() const { return m_fields; }
    [[nodiscard]] const QList<SeriesPoint>& points(const QString& field) const;

    /// Replaces the points of these fields. `step`: milliseconds that a point stands for.
    void assign(const QList<Series>& series, qint64 step);
    /// Draws these readings alone, in any order.
    void assign(const QList<Reading>& readings);
    /// Adds what came; late ones at their place.
    void add(const QList<Reading>& readings);
    void clear();

    /// Milliseconds since 1970; `end` of 0 is now, always.
    void setBounds(qint64 begin, qint64 end);
    [[nodiscard]] qint64 begin() const { return m_begin; }
    [[nodiscard]] qint64 end() const { return m_end; }
    /// Over how long a silence a line goes on where there are too few readings to tell, in milliseconds.
    void setSilence(qint64 silence) { m_silence = silence; }
    /// A field's line isn't drawn across a longer silence, in milliseconds.
    [[nodiscard]] qint64 longestGap(const QString& field) const;

    static constexpr qsizetype mostPoints = 20'000; ///< of a field; the oldest go

Q_SIGNALS:
    void changed();

private:
    void insert(const Reading& reading);

    QStringList m_fields;
    QHash<QString, QList<SeriesPoint>> m_points;
    qint64 m_begin = 0;
    qint64 m_end = 0;
    qint64 m_step = 0;
    qint64 m_silence = 0;
};

/// The longest time, in milliseconds, over which a line goes on: three times what is usual for this device,
/// and this field. That is the median of the times from one reading to the next; of many in a step they are
/// taken to be even. `step`: milliseconds that a point stands for, 0 for readings. `silence`, for want of
/// readings: how long its category may be silent. As web/src/features/device/series.ts has it.
[[nodiscard]] qint64 gapOf(const QList<SeriesPoint>& points, qint64 step, qint64 silence);

} // namespace breakwater::desktop

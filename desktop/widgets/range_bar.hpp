#pragma once

#include "core/time_range.hpp"

#include <QWidget>

class QButtonGroup;
class QLineEdit;

namespace breakwater::desktop {

/// Selects the time range of the readings: a preset, or two times in ISO 8601.
class RangeBar : public QWidget {
    Q_OBJECT
public:
    explicit RangeBar(QWidget* parent = nullptr);

    void setRange(const TimeRange& range);
    [[nodiscard]] TimeRange range() const { return m_range; }

Q_SIGNALS:
    void rangeChosen(const breakwater::desktop::TimeRange& range);

private:
    void applyTypedRange();
    bool readTime(QLineEdit& line, QDateTime& time);

    TimeRange m_range;
    QButtonGroup* m_presets;
    QLineEdit* m_since;
    QLineEdit* m_until;
};

} // namespace breakwater::desktop

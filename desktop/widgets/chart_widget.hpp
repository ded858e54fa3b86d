#pragma once

#include "core/chart_data.hpp"

#include <QTimer>
#include <QWidget>

#include <optional>

namespace breakwater::desktop {

/// Draws the selected fields over time: one strip with its own scale per field, and a shared time axis. The
/// drawing cost depends on the width in pixels, not on the number of points. Dragging selects a time range.
class ChartWidget : public QWidget {
    Q_OBJECT
public:
    explicit ChartWidget(ChartData& chartData, QWidget* parent = nullptr);

    void setEmptyText(const QString& text);
    [[nodiscard]] QSize sizeHint() const override { return {640, 260}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {320, 140}; }

    /// Sets the labels of the fields.
    void setLabels(const QHash<QString, QString>& labels);

Q_SIGNALS:
    void rangeDragged(const QDateTime& since, const QDateTime& until);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    /// Maps times, in milliseconds since 1970, to x coordinates.
    struct Domain {
        qint64 begin = 0;
        qint64 end = 1;
        double left = 0;
        double width = 1;

        [[nodiscard]] double x(qint64 at) const {
            return left + width * static_cast<double>(at - begin) / static_cast<double>(end - begin);
        }
        [[nodiscard]] qint64 time(double x) const {
            return begin + static_cast<qint64>((x - left) / width * static_cast<double>(end - begin));
        }
    };

    [[nodiscard]] Domain domain() const;
    void paintTimes(QPainter& painter, const Domain& domain, const QRectF& plot) const;
    void paintStrip(QPainter& painter, const Domain& domain, const QRectF& strip, int n) const;
    void paintHover(QPainter& painter, const Domain& domain, const QRectF& plot) const;

    ChartData& m_data;
    QHash<QString, QString> m_labels;
    QString m_emptyText;
    std::optional<double> m_hover; ///< x
    std::optional<double> m_dragStart;
    QTimer m_tickTimer;
};

/// The points of one pixel column: minimum, maximum and mean.
struct PixelPoint {
    double x = 0;
    double low = 0;
    double high = 0;
    double mean = 0;
    bool joined = false; ///< a line connects it to the previous point
};
QList<PixelPoint> decimate(const QList<SeriesPoint>& points, qint64 begin, qint64 end, double left,
                           double width, qint64 longestGap);

/// The value range of a strip, with a margin below and above. Both bounds are finite and differ.
struct Extent {
    double low = 0;
    double high = 1;

    /// The position of a value: 0 at `low`, 1 at `high`. Does not overflow when `high - low` would.
    [[nodiscard]] double part(double value) const { return (value / 2 - low / 2) / (high / 2 - low / 2); }
};
/// REQUIRES: `points` is not empty.
Extent extentOf(const QList<PixelPoint>& points);

/// About `count` round values between `low` and `high`.
QList<double> ticks(double low, double high, int count);

} // namespace breakwater::desktop

#pragma once

#include "core/chart_data.hpp"

#include <QTimer>
#include <QWidget>

#include <optional>

namespace breakwater::desktop {

/// The chosen fields over time, a strip each with a scale of its own, under one time axis. What is drawn is
/// bounded by the width in pixels, however many points there are. Dragging chooses a time.
class ChartWidget : public QWidget {
    Q_OBJECT
public:
    explicit ChartWidget(ChartData& shown, QWidget* parent = nullptr);

    void setEmptyText(const QString& text);
    [[nodiscard]] QSize sizeHint() const override { return {640, 260}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {320, 140}; }

    /// What the fields are called.
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
    QString m_empty;
    std::optional<double> m_hover; ///< x
    std::optional<double> m_dragFrom;
    QTimer m_beat;
};

/// One point a pixel column, at most: lowest, highest, mean of what falls into it.
struct PixelPoint {
    double x = 0;
    double low = 0;
    double high = 0;
    double mean = 0;
    bool joined = false; ///< to the one before
};
QList<PixelPoint> decimate(const QList<SeriesPoint>& points, qint64 begin, qint64 end, double left,
                           double width, qint64 longestGap);

/// The values that a line of points is drawn between, with room below and above; finite, and not the same.
struct Extent {
    double low = 0;
    double high = 1;

    /// Where a value stands: 0 at `low`, 1 at `high`. Doesn't overflow where their distance would.
    [[nodiscard]] double part(double value) const { return (value / 2 - low / 2) / (high / 2 - low / 2); }
};
/// REQUIRES: there are points.
Extent extentOf(const QList<PixelPoint>& points);

/// Round values between two others, about so many.
QList<double> ticks(double low, double high, int about);

} // namespace breakwater::desktop

#include "widgets/chart_widget.hpp"

#include "core/field_names.hpp"
#include "core/payload_fields.hpp"
#include "widgets/theme.hpp"

#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

constexpr double leftSpace = 58;
constexpr double rightSpace = 14;
constexpr double topSpace = 6;
constexpr double bottomSpace = 24;
constexpr double stripGap = 10;
constexpr double titleSpace = 18;
constexpr double markedPointDistance = 14; ///< pixels; points further apart than this are marked
constexpr double minDragDistance = 6;

/// Tick values are round, so five digits suffice.
QString tickText(double value) {
    return QLocale{}.toString(value, 'g', 5).remove(QLocale{}.groupSeparator());
}

qint64 timeStep(qint64 span, double width) {
    constexpr std::array<qint64, 21> steps{1,     2,     5,     10,    15,     30,     60,
                                           120,   300,   600,   900,   1800,   3600,   7200,
                                           10800, 21600, 43200, 86400, 172800, 604800, 2592000};
    const double minStep = static_cast<double>(span) / 1000 / std::max(1.0, width / 110);
    for (const qint64 step : steps)
        if (static_cast<double>(step) >= minStep)
            return step * 1000;
    return (static_cast<qint64>(minStep) / steps.back() + 1) * steps.back() * 1000;
}

QString timeText(qint64 at, qint64 step) {
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(at);
    if (step >= 86'400'000)
        return QLocale{}.toString(time, u"d MMM"_s);
    return time.toString(step < 60'000 ? u"HH:mm:ss"_s : u"HH:mm"_s);
}

const SeriesPoint* nearest(const QList<SeriesPoint>& points, qint64 at) {
    const auto after =
        std::lower_bound(points.begin(), points.end(), at,
                         [](const SeriesPoint& point, qint64 time) { return point.at < time; });
    if (after == points.end())
        return points.isEmpty() ? nullptr : &points.last();
    if (after == points.begin())
        return &*after;
    const auto before = std::prev(after);
    return at - before->at < after->at - at ? &*before : &*after;
}

} // namespace

ChartWidget::ChartWidget(ChartData& chartData, QWidget* parent) : QWidget{parent}, m_data{chartData} {
    setMouseTracking(true);
    setAccessibleName(tr("Chart"));
    connect(&m_data, &ChartData::changed, this, qOverload<>(&QWidget::update));
    m_tickTimer.setInterval(1000);
    connect(&m_tickTimer, &QTimer::timeout, this, [this] {
        if (m_data.end() == 0 && isVisible())
            update(); // the current time moves
    });
    m_tickTimer.start();
}

void ChartWidget::setEmptyText(const QString& text) {
    m_emptyText = text;
    update();
}

void ChartWidget::setLabels(const QHash<QString, QString>& labels) {
    m_labels = labels;
    update();
}

ChartWidget::Domain ChartWidget::domain() const {
    Domain domain;
    domain.left = leftSpace;
    domain.width = std::max(1.0, width() - leftSpace - rightSpace);
    domain.end = m_data.end() == 0 ? QDateTime::currentMSecsSinceEpoch() : m_data.end();
    domain.begin = m_data.begin();
    if (domain.begin == 0) {
        domain.begin = domain.end - 1000;
        for (const QString& field : m_data.fields())
            if (!m_data.points(field).isEmpty())
                domain.begin = std::min(domain.begin, m_data.points(field).first().at);
    } else if (m_data.end() == 0) {
        // Keeps the range at least a second long.
        domain.begin = std::min(domain.begin, domain.end - 1000);
    }
    domain.end = std::max(domain.end, domain.begin + 1000);
    return domain;
}

void ChartWidget::paintEvent(QPaintEvent*) {
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(rect(), palette().base());
    const QRectF plot{leftSpace, topSpace, std::max(1.0, width() - leftSpace - rightSpace),
                      std::max(1.0, height() - topSpace - bottomSpace)};
    const QStringList& fields = m_data.fields();
    const bool isEmpty = std::all_of(fields.begin(), fields.end(),
                                     [&](const QString& field) { return m_data.points(field).isEmpty(); });
    if (isEmpty) {
        painter.setPen(color(Tone::Muted, palette()));
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
        return;
    }
    const Domain visible = domain();
    paintTimes(painter, visible, plot);
    const int count = static_cast<int>(fields.size());
    const double height = (plot.height() - stripGap * (count - 1)) / count;
    for (int n = 0; n < count; ++n)
        paintStrip(painter, visible,
                   {plot.left(), plot.top() + n * (height + stripGap), plot.width(), height}, n);
    paintHover(painter, visible, plot);
}

void ChartWidget::paintTimes(QPainter& painter, const Domain& domain, const QRectF& plot) const {
    const qint64 step = timeStep(domain.end - domain.begin, domain.width);
    const qint64 offset = QDateTime::fromMSecsSinceEpoch(domain.end).offsetFromUtc() * qint64{1000};
    for (qint64 at = ((domain.begin + offset) / step + 1) * step - offset; at <= domain.end; at += step) {
        const double x = domain.x(at);
        painter.setPen(color(Tone::Faint, palette()));
        painter.drawLine(QPointF{x, plot.top()}, QPointF{x, plot.bottom()});
        painter.setPen(color(Tone::Muted, palette()));
        const double edge = std::clamp(x, plot.left() + 20, plot.right() - 20);
        painter.drawText(QRectF{edge - 50, plot.bottom() + 4, 100, bottomSpace - 4},
                         Qt::AlignHCenter | Qt::AlignTop, timeText(at, step));
    }
}

void ChartWidget::paintStrip(QPainter& painter, const Domain& domain, const QRectF& strip, int n) const {
    const QString& field = m_data.fields()[n];
    const QColor stripColor = lineColor(n, palette());
    const auto points = decimate(m_data.points(field), domain.begin, domain.end, domain.left, domain.width,
                                 m_data.longestGap(field));
    const QRectF area = strip.adjusted(0, std::min(titleSpace, strip.height() / 3), 0, 0);

    painter.setPen(stripColor);
    QFont font = painter.font();
    font.setWeight(QFont::DemiBold);
    painter.save();
    painter.setFont(font);
    QString title = m_labels.value(field, field);
    const SeriesPoint* shownPoint = m_hover ? nearest(m_data.points(field), domain.time(*m_hover))
                                    : m_data.points(field).isEmpty() ? nullptr
                                                                     : &m_data.points(field).last();
    QString valueText;
    if (shownPoint != nullptr)
        valueText = u"   "_s + measuredText(shownPoint->mean);
    if (const QString unit = unitOf(field); !valueText.isEmpty() && !unit.isEmpty())
        valueText += u' ' + unit;
    const QFontMetricsF metrics{font};
    title = metrics.elidedText(title, Qt::ElideMiddle, strip.width() - metrics.horizontalAdvance(valueText));
    painter.drawText(QRectF{strip.left(), strip.top(), strip.width(), titleSpace},
                     Qt::AlignLeft | Qt::AlignTop | Qt::TextSingleLine, title + valueText);
    painter.restore();
    if (points.isEmpty())
        return;

    const Extent extent = extentOf(points);
    const auto y = [&](double value) { return area.bottom() - extent.part(value) * area.height(); };

    for (const double value :
         ticks(extent.low, extent.high, std::max(1, static_cast<int>(area.height() / 24)))) {
        painter.setPen(color(Tone::Faint, palette()));
        painter.drawLine(QPointF{area.left(), y(value)}, QPointF{area.right(), y(value)});
        painter.setPen(color(Tone::Muted, palette()));
        painter.drawText(QRectF{0, y(value) - 9, leftSpace - 8, 18}, Qt::AlignRight | Qt::AlignVCenter,
                         tickText(value));
    }
    painter.setPen(color(Tone::Line, palette()));
    painter.drawLine(area.bottomLeft(), area.bottomRight());

    painter.save();
    painter.setClipRect(area.adjusted(-1, -2, 1, 2));
    QColor band = stripColor;
    band.setAlpha(46);
    QPainterPath line;
    painter.setPen(Qt::NoPen);
    painter.setBrush(band);
    for (qsizetype from = 0; from < points.size();) {
        qsizetype to = from + 1;
        while (to < points.size() && points[to].joined)
            ++to;
        QPolygonF outline;
        for (qsizetype p = from; p < to; ++p)
            outline << QPointF{points[p].x, y(points[p].high)};
        for (qsizetype p = to; p-- > from;)
            outline << QPointF{points[p].x, y(points[p].low)};
        painter.drawPolygon(outline);
        line.moveTo(points[from].x, y(points[from].mean));
        for (qsizetype p = from + 1; p < to; ++p)
            line.lineTo(points[p].x, y(points[p].mean));
        from = to;
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen{stripColor, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin});
    painter.drawPath(line);
    painter.setPen(Qt::NoPen);
    painter.setBrush(stripColor);
    const bool isMarked = domain.width / static_cast<double>(points.size()) > markedPointDistance;
    for (qsizetype p = 0; p < points.size(); ++p) {
        const bool isAlone = !points[p].joined && (p + 1 == points.size() || !points[p + 1].joined);
        if (isMarked || isAlone)
            painter.drawEllipse(QPointF{points[p].x, y(points[p].mean)}, 2.4, 2.4);
    }
    if (m_hover && shownPoint != nullptr && shownPoint->at >= domain.begin && shownPoint->at <= domain.end)
        painter.drawEllipse(QPointF{domain.x(shownPoint->at), y(shownPoint->mean)}, 4, 4);
    painter.restore();
}

void ChartWidget::paintHover(QPainter& painter, const Domain& domain, const QRectF& plot) const {
    if (!m_hover)
        return;
    const double x = std::clamp(*m_hover, plot.left(), plot.right());
    if (m_dragStart) {
        QColor fill = color(Tone::Accent, palette());
        fill.setAlpha(40);
        painter.fillRect(QRectF{QPointF{*m_dragStart, plot.top()}, QPointF{x, plot.bottom()}}.normalized(),
                         fill);
    }
    painter.setPen(QPen{color(Tone::Muted, palette()), 1, Qt::DashLine});
    painter.drawLine(QPointF{x, plot.top()}, QPointF{x, plot.bottom()});
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(domain.time(x));
    const QString timeLabel = time.toString(u"yyyy-MM-dd HH:mm:ss"_s);
    const double boxWidth = painter.fontMetrics().horizontalAdvance(timeLabel) + 12;
    const QRectF box{std::clamp(x - boxWidth / 2, plot.left(), plot.right() - boxWidth), plot.bottom() + 3,
                     boxWidth, bottomSpace - 5};
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette().color(QPalette::ToolTipBase));
    painter.drawRoundedRect(box, 4, 4);
    painter.setPen(palette().color(QPalette::ToolTipText));
    painter.drawText(box, Qt::AlignCenter, timeLabel);
}

void ChartWidget::mouseMoveEvent(QMouseEvent* event) {
    m_hover = event->position().x();
    update();
}

void ChartWidget::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton)
        m_dragStart = event->position().x();
}

void ChartWidget::mouseReleaseEvent(QMouseEvent* event) {
    if (!m_dragStart || event->button() != Qt::LeftButton)
        return;
    const double left = std::min(*m_dragStart, event->position().x());
    const double right = std::max(*m_dragStart, event->position().x());
    m_dragStart.reset();
    update();
    if (right - left < minDragDistance)
        return;
    const Domain visible = domain();
    Q_EMIT rangeDragged(QDateTime::fromMSecsSinceEpoch(std::max(visible.begin, visible.time(left)), Qt::UTC),
                        QDateTime::fromMSecsSinceEpoch(std::min(visible.end, visible.time(right)), Qt::UTC));
}

void ChartWidget::leaveEvent(QEvent*) {
    m_hover.reset();
    update();
}

} // namespace breakwater::desktop

#include "widgets/chart_widget.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace breakwater::desktop {

QList<PixelPoint> decimate(const QList<SeriesPoint>& points, qint64 begin, qint64 end, double left,
                           double width, qint64 longestGap) {
    QList<PixelPoint> drawn;
    const auto earlier = [](const SeriesPoint& point, qint64 time) { return point.at < time; };
    auto each = std::lower_bound(points.begin(), points.end(), begin, earlier);
    if (each != points.begin())
        --each; // the line comes in from the left
    const double scale = width / static_cast<double>(std::max<qint64>(1, end - begin));
    qint64 before = 0;
    int inPixel = 0;
    for (; each != points.end(); ++each) {
        const double x = left + static_cast<double>(each->at - begin) * scale;
        const bool joined = !drawn.isEmpty() && (longestGap <= 0 || each->at - before <= longestGap);
        if (joined && std::floor(x) == std::floor(drawn.last().x)) {
            PixelPoint& last = drawn.last();
            last.low = std::min(last.low, each->low);
            last.high = std::max(last.high, each->high);
            ++inPixel;
            last.mean += (each->mean - last.mean) / inPixel;
        } else {
            drawn.push_back(
                {.x = x, .low = each->low, .high = each->high, .mean = each->mean, .joined = joined});
            inPixel = 1;
        }
        before = each->at;
        if (each->at > end)
            break;
    }
    return drawn;
}

Extent extentOf(const QList<PixelPoint>& points) {
    constexpr double largest = std::numeric_limits<double>::max();
    Extent extent{points.first().low, points.first().high};
    for (const PixelPoint& each : points) {
        extent.low = std::min(extent.low, each.low);
        extent.high = std::max(extent.high, each.high);
    }
    // A line of one value has as much room as that value is large, however small or large it is.
    const double flat = extent.high == 0 ? 0.5 : std::abs(extent.high) * 0.05;
    const double room = extent.high > extent.low ? extent.high * 0.08 - extent.low * 0.08 : flat;
    extent.low = std::max(extent.low - room, -largest);
    extent.high = std::min(extent.high + room, largest);
    if (!(extent.high > extent.low)) // what is too small to be told apart
        extent = {extent.low - 0.5, extent.high + 0.5};
    return extent;
}

QList<double> ticks(double low, double high, int about) {
    QList<double> made;
    if (!(high > low) || about < 1)
        return made;
    const double rough = high / about - low / about;
    if (!std::isfinite(rough) || rough <= 0)
        return made;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    const double part = rough / power;
    const double step = power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
    // Counted: where values are large, a step may be less than what tells two of them apart.
    const double first = std::ceil(low / step);
    for (int n = 0; n <= 2 * about + 2; ++n) {
        const double value = (first + n) * step;
        if (!(value <= high + step * 1e-9))
            break;
        if (std::isfinite(value) && (made.isEmpty() || value > made.last()))
            made.push_back(std::abs(value) < step * 1e-9 ? 0 : value);
    }
    return made;
}

} // namespace breakwater::desktop

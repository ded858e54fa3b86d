#include "widgets/chart_widget.hpp"

#include <algorithm>
#include <cmath>

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

QList<double> ticks(double low, double high, int about) {
    QList<double> made;
    if (!(high > low) || about < 1)
        return made;
    const double rough = (high - low) / about;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    const double part = rough / power;
    const double step = power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
    for (double value = std::ceil(low / step) * step; value <= high + step * 1e-9; value += step)
        made.push_back(std::abs(value) < step * 1e-9 ? 0 : value);
    return made;
}

} // namespace breakwater::desktop

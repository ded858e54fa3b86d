#include "widgets/chart_widget.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace breakwater::desktop {

QList<PixelPoint> decimate(const QList<SeriesPoint>& points, qint64 begin, qint64 end, double left,
                           double width, qint64 longestGap) {
    QList<PixelPoint> pixels;
    const auto earlier = [](const SeriesPoint& point, qint64 time) { return point.at < time; };
    auto point = std::lower_bound(points.begin(), points.end(), begin, earlier);
    if (point != points.begin())
        --point; // the line comes in from the left
    const double scale = width / static_cast<double>(std::max<qint64>(1, end - begin));
    qint64 previousAt = 0;
    int pixelCount = 0;
    for (; point != points.end(); ++point) {
        const double x = left + static_cast<double>(point->at - begin) * scale;
        const bool isJoined = !pixels.isEmpty() && (longestGap <= 0 || point->at - previousAt <= longestGap);
        if (isJoined && std::floor(x) == std::floor(pixels.last().x)) {
            PixelPoint& last = pixels.last();
            last.low = std::min(last.low, point->low);
            last.high = std::max(last.high, point->high);
            ++pixelCount;
            last.mean += (point->mean - last.mean) / pixelCount;
        } else {
            pixels.push_back(
                {.x = x, .low = point->low, .high = point->high, .mean = point->mean, .joined = isJoined});
            pixelCount = 1;
        }
        previousAt = point->at;
        if (point->at > end)
            break;
    }
    return pixels;
}

Extent extentOf(const QList<PixelPoint>& points) {
    constexpr double maxDouble = std::numeric_limits<double>::max();
    Extent extent{points.first().low, points.first().high};
    for (const PixelPoint& point : points) {
        extent.low = std::min(extent.low, point.low);
        extent.high = std::max(extent.high, point.high);
    }
    // For a constant line, the margin is relative to the value, so that it works for any magnitude.
    const double flatMargin = extent.high == 0 ? 0.5 : std::abs(extent.high) * 0.05;
    const double margin = extent.high > extent.low ? extent.high * 0.08 - extent.low * 0.08 : flatMargin;
    extent.low = std::max(extent.low - margin, -maxDouble);
    extent.high = std::min(extent.high + margin, maxDouble);
    if (!(extent.high > extent.low)) // the values are too small for a margin
        extent = {extent.low - 0.5, extent.high + 0.5};
    return extent;
}

QList<double> ticks(double low, double high, int count) {
    QList<double> values;
    if (!(high > low) || count < 1)
        return values;
    const double roughStep = high / count - low / count;
    if (!std::isfinite(roughStep) || roughStep <= 0)
        return values;
    const double power = std::pow(10.0, std::floor(std::log10(roughStep)));
    const double mantissa = roughStep / power;
    const double step = power * (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10);
    // A counter, because for large values a step may be smaller than the precision of a double.
    const double first = std::ceil(low / step);
    for (int n = 0; n <= 2 * count + 2; ++n) {
        const double value = (first + n) * step;
        if (!(value <= high + step * 1e-9))
            break;
        if (std::isfinite(value) && (values.isEmpty() || value > values.last()))
            values.push_back(std::abs(value) < step * 1e-9 ? 0 : value);
    }
    return values;
}

} // namespace breakwater::desktop

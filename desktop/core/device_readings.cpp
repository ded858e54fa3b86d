#include "core/device_readings.hpp"

#include "core/freshness.hpp"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

constexpr std::chrono::seconds pollInterval{5};
constexpr int pageSize = 100;
constexpr int seriesPoints = 1000;
constexpr int intervalSampleSize = 10;
/// If the server has no series, the chart shows at most this many readings.
constexpr int maxChartedReadings = 1000;

QDateTime now() {
    return QDateTime::currentDateTimeUtc();
}

} // namespace

DeviceReadings::DeviceReadings(const Api& api, Live& live, QObject* parent) : QObject{parent}, m_api{api} {
    m_pollTimer.setInterval(pollInterval);
    connect(&m_pollTimer, &QTimer::timeout, this, &DeviceReadings::poll);
    connect(&live, &Live::eventsReceived, this, &DeviceReadings::apply);
    connect(&live, &Live::eventsMissed, this, &DeviceReadings::reload);
    const auto updatePolling = [this](Live::State state) {
        if (state == Live::State::Unsupported || state == Live::State::Lost)
            m_pollTimer.start();
        else
            m_pollTimer.stop();
    };
    connect(&live, &Live::stateChanged, this, updatePolling);
    updatePolling(live.state());
}

void DeviceReadings::setDevice(const QString& device, int interval) {
    if (m_device == device)
        return;
    m_chart.setDefaultGap(qint64{interval} * silentAfterIntervals * 1000);
    m_device = device;
    m_hasSeries.reset();
    m_model.clear();
    m_chart.setFields({});
    setTotal(-1);
    reload();
    loadInterval(qint64{interval} * silentAfterIntervals * 1000);
}

/// The range may have too few readings to measure the usual interval, so this uses the last readings of the
/// device.
void DeviceReadings::loadInterval(qint64 defaultGap) {
    m_intervalCall.reset();
    if (m_device.isEmpty())
        return;
    m_intervalCall = std::make_unique<QObject>();
    QUrlQuery parameters = query();
    parameters.addQueryItem(u"limit"_s, QString::number(intervalSampleSize));
    m_api.readings(m_device, parameters, m_intervalCall.get(),
                   [this, defaultGap](const Answer<Page<Reading>>& page) {
                       if (!page)
                           return;
                       QList<SeriesPoint> points;
                       for (const Reading& reading : page->items)
                           points.push_front({.at = reading.at().toMSecsSinceEpoch()});
                       m_chart.setDefaultGap(longestGapOf(points, 0, defaultGap));
                   });
}

void DeviceReadings::setRange(const TimeRange& range) {
    if (m_range == range)
        return;
    m_range = range;
    m_model.clear();
    m_chart.clear();
    setTotal(-1);
    reload();
}

void DeviceReadings::setIncludeSimulated(bool include) {
    if (m_includeSimulated == include)
        return;
    m_includeSimulated = include;
    m_model.clear();
    m_chart.clear();
    reload();
}

void DeviceReadings::setFields(const QStringList& fields) {
    m_chart.setFields(fields);
    loadSeries();
}

QUrlQuery DeviceReadings::query() const {
    return QUrlQuery{{u"include_simulated"_s, m_includeSimulated ? u"true"_s : u"false"_s}};
}

void DeviceReadings::reload() {
    m_calls = std::make_unique<QObject>();
    m_seriesCall.reset();
    m_beforeFirstPage.clear();
    m_loading = false;
    m_hasMore = false;
    m_nextCursor.clear();
    if (m_device.isEmpty())
        return;
    const QDateTime begin = m_range.begin(now());
    m_chart.setBounds(begin.isValid() ? begin.toMSecsSinceEpoch() : 0,
                      m_range.isOpen() ? 0 : m_range.end().toMSecsSinceEpoch());
    loadMeta();
    loadPage({}, {});
    loadSeries();
}

void DeviceReadings::loadMeta() {
    QUrlQuery parameters = query();
    addRange(parameters, m_range, now());
    m_api.readingsMeta(m_device, parameters, m_calls.get(), [this](const Answer<ReadingsMeta>& meta) {
        if (!meta)
            return;
        setTotal(meta->totalReadings);
        if (!m_range.begin(now()).isValid() && meta->oldestReceivedAt.isValid()) {
            m_chart.setBounds(meta->oldestReceivedAt.toMSecsSinceEpoch(), m_chart.end());
            loadSeries();
        }
    });
}

void DeviceReadings::loadPage(const QString& cursor, const QDateTime& until) {
    m_loading = true;
    QUrlQuery parameters = query();
    addRange(parameters, m_range, now());
    parameters.addQueryItem(u"limit"_s, QString::number(pageSize));
    if (!cursor.isEmpty())
        parameters.addQueryItem(u"cursor"_s, cursor);
    if (until.isValid()) {
        parameters.removeQueryItem(u"until"_s);
        parameters.addQueryItem(u"until"_s, apiTime(until));
    }
    const bool byTime = until.isValid();
    const bool first = cursor.isEmpty() && !byTime;
    m_api.readings(m_device, parameters, m_calls.get(),
                   [this, first, byTime](const Answer<Page<Reading>>& page) {
                       m_loading = false;
                       if (!page)
                           return Q_EMIT failed(page.error().detail);
                       applyPage(*page, first, byTime);
                   });
}

int DeviceReadings::insertPage(const Page<Reading>& page, bool first) {
    const int previousCount = m_model.rowCount();
    if (!first || previousCount == 0)
        return m_model.append(page.items);
    // Reload: prepend the new readings, unless there are more of them than one page holds.
    const bool isContiguous =
        page.items.size() < pageSize || page.items.last().receivedAt <= m_model.readings().first().receivedAt;
    if (!isContiguous) {
        m_model.clear();
        return m_model.append(page.items);
    }
    m_model.prepend(page.items);
    return m_model.rowCount() - previousCount;
}

void DeviceReadings::applyPage(const Page<Reading>& page, bool first, bool byTime) {
    const int added = insertPage(page, first);
    m_nextCursor = page.nextCursor;
    // A page by `until` repeats the last reading of the previous page. If it has no other reading, it is the
    // last page.
    m_hasMore = !m_nextCursor.isEmpty() ||
                (page.items.size() > 1 && (byTime ? added > 0 : page.items.size() >= pageSize));
    if (first) {
        add(std::exchange(m_beforeFirstPage, {}));
        Q_EMIT loaded();
    }
    if (m_hasSeries != false)
        return;
    chartLoadedReadings();
    if (m_hasMore && m_model.rowCount() < maxChartedReadings)
        loadMore();
}

void DeviceReadings::loadMore() {
    if (!canLoadMore() || m_model.rowCount() == 0 || m_model.rowCount() >= ReadingModel::maxReadings)
        return;
    loadPage(m_nextCursor, m_nextCursor.isEmpty() ? m_model.readings().last().receivedAt : QDateTime{});
}

void DeviceReadings::loadSeries() {
    if (m_chart.fields().isEmpty() || m_device.isEmpty())
        return;
    if (m_hasSeries == false)
        return chartLoadedReadings();
    QUrlQuery parameters = query();
    parameters.addQueryItem(u"field"_s,
                            QString::fromLatin1(QUrl::toPercentEncoding(m_chart.fields().join(u','))));
    parameters.addQueryItem(u"points"_s, QString::number(seriesPoints));
    TimeRange range = m_range;
    if (!range.begin(now()).isValid()) {
        if (m_chart.begin() == 0)
            return; // `loadMeta` will set the start
        range.since = QDateTime::fromMSecsSinceEpoch(m_chart.begin(), Qt::UTC);
    }
    addRange(parameters, range, now());
    m_duringSeriesCall.clear();
    m_seriesCall = std::make_unique<QObject>();
    m_api.series(m_device, parameters, m_seriesCall.get(), [this](const Answer<SeriesAnswer>& answer) {
        m_seriesCall.release()->deleteLater();
        if (answer) {
            m_hasSeries = true;
            m_chart.assign(answer->series, answer->step);
            return m_chart.add(std::exchange(m_duringSeriesCall, {}));
        }
        if (!answer.error().isMissing())
            return Q_EMIT failed(answer.error().detail);
        m_hasSeries = false;
        chartLoadedReadings();
        if (m_hasMore && m_model.rowCount() < maxChartedReadings)
            loadMore();
    });
}

void DeviceReadings::chartLoadedReadings() {
    m_chart.assign(QList<Reading>{m_model.readings().rbegin(), m_model.readings().rend()});
}

void DeviceReadings::apply(const QList<LiveEvent>& events) {
    QList<Reading> ownReadings;
    for (const LiveEvent& event : events) {
        if (const auto* reading = std::get_if<Reading>(&event);
            reading != nullptr && reading->deviceId == m_device)
            ownReadings.push_back(*reading);
        else if (const auto* late = std::get_if<LiveBackfill>(&event);
                 late != nullptr && late->deviceId == m_device)
            return reload();
    }
    // A pending response may be older than the live readings.
    if (m_loading && m_model.rowCount() == 0)
        m_beforeFirstPage += ownReadings;
    else
        add(ownReadings);
}

void DeviceReadings::add(const QList<Reading>& readings) {
    QList<Reading> newReadings;
    const QDateTime newest = m_model.rowCount() == 0 ? QDateTime{} : m_model.readings().first().receivedAt;
    for (const Reading& reading : readings)
        if (m_range.contains(reading.receivedAt, now()) && (m_includeSimulated || !reading.simulated) &&
            (!newest.isValid() || reading.receivedAt >= newest))
            newReadings.push_back(reading);
    const int previousCount = m_model.rowCount();
    m_model.prepend(newReadings);
    const int added = m_model.rowCount() - previousCount;
    if (added <= 0)
        return;
    m_chart.add(m_model.readings().first(added));
    if (m_seriesCall != nullptr)
        m_duringSeriesCall += m_model.readings().first(added);
    if (m_total >= 0)
        setTotal(m_total + added);
    if (previousCount == 0)
        Q_EMIT loaded();
}

void DeviceReadings::poll() {
    if (m_device.isEmpty() || m_loading || !m_range.isOpen())
        return;
    QUrlQuery parameters = query();
    parameters.addQueryItem(u"limit"_s, QString::number(pageSize));
    if (m_model.rowCount() > 0)
        parameters.addQueryItem(u"since"_s, apiTime(m_model.readings().first().receivedAt));
    else
        addRange(parameters, m_range, now());
    m_api.readings(m_device, parameters, m_calls.get(), [this](const Answer<Page<Reading>>& page) {
        if (page)
            add(page->items);
    });
}

void DeviceReadings::setTotal(qint64 total) {
    m_total = total;
    Q_EMIT totalChanged();
}

} // namespace breakwater::desktop

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
constexpr int lastReadings = 10;
/// Without series from the server, so many readings are fetched to be drawn.
constexpr int mostFetchedToDraw = 1000;

QDateTime now() {
    return QDateTime::currentDateTimeUtc();
}

} // namespace

DeviceReadings::DeviceReadings(const Api& api, Live& live, QObject* parent) : QObject{parent}, m_api{api} {
    m_poll.setInterval(pollInterval);
    connect(&m_poll, &QTimer::timeout, this, &DeviceReadings::poll);
    connect(&live, &Live::happened, this, &DeviceReadings::apply);
    connect(&live, &Live::missed, this, &DeviceReadings::reload);
    const auto pollWhereNeeded = [this](Live::State state) {
        if (state == Live::State::Unsupported || state == Live::State::Lost)
            m_poll.start();
        else
            m_poll.stop();
    };
    connect(&live, &Live::stateChanged, this, pollWhereNeeded);
    pollWhereNeeded(live.state());
}

void DeviceReadings::choose(const QString& device, int interval) {
    if (m_device == device)
        return;
    m_chart.setSilence(qint64{interval} * silentAfterIntervals * 1000);
    m_device = device;
    m_hasSeries.reset();
    m_model.clear();
    m_chart.setFields({});
    setTotal(-1);
    reload();
    learnInterval(qint64{interval} * silentAfterIntervals * 1000);
}

/// A time may have too few readings to tell what is usual for the device; its last ones tell.
void DeviceReadings::learnInterval(qint64 silence) {
    m_intervalCall.reset();
    if (m_device.isEmpty())
        return;
    m_intervalCall = std::make_unique<QObject>();
    QUrlQuery asked = query();
    asked.addQueryItem(u"limit"_s, QString::number(lastReadings));
    m_api.readings(m_device, asked, m_intervalCall.get(), [this, silence](const Answer<Page<Reading>>& page) {
        if (!page)
            return;
        QList<SeriesPoint> points;
        for (const Reading& each : page->items)
            points.push_front({.at = each.at().toMSecsSinceEpoch()});
        m_chart.setSilence(gapOf(points, 0, silence));
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
    if (m_simulated == include)
        return;
    m_simulated = include;
    m_model.clear();
    m_chart.clear();
    reload();
}

void DeviceReadings::setFields(const QStringList& fields) {
    m_chart.setFields(fields);
    loadSeries();
}

QUrlQuery DeviceReadings::query() const {
    return QUrlQuery{{u"include_simulated"_s, m_simulated ? u"true"_s : u"false"_s}};
}

void DeviceReadings::reload() {
    m_calls = std::make_unique<QObject>();
    m_seriesCall.reset();
    m_early.clear();
    m_loading = false;
    m_more = false;
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
    QUrlQuery asked = query();
    addRange(asked, m_range, now());
    m_api.readingsMeta(m_device, asked, m_calls.get(), [this](const Answer<ReadingsMeta>& meta) {
        if (!meta)
            return;
        setTotal(meta->total);
        if (!m_range.begin(now()).isValid() && meta->oldest.isValid()) {
            m_chart.setBounds(meta->oldest.toMSecsSinceEpoch(), m_chart.end());
            loadSeries();
        }
    });
}

void DeviceReadings::loadPage(const QString& cursor, const QDateTime& until) {
    m_loading = true;
    QUrlQuery asked = query();
    addRange(asked, m_range, now());
    asked.addQueryItem(u"limit"_s, QString::number(pageSize));
    if (!cursor.isEmpty())
        asked.addQueryItem(u"cursor"_s, cursor);
    if (until.isValid()) {
        asked.removeQueryItem(u"until"_s);
        asked.addQueryItem(u"until"_s, apiTime(until));
    }
    const bool byTime = until.isValid();
    const bool first = cursor.isEmpty() && !byTime;
    m_api.readings(m_device, asked, m_calls.get(), [this, first, byTime](const Answer<Page<Reading>>& page) {
        m_loading = false;
        if (!page)
            return Q_EMIT failed(page.error().detail);
        take(*page, first, byTime);
    });
}

int DeviceReadings::show(const Page<Reading>& page, bool first) {
    const int before = m_model.rowCount();
    if (!first || before == 0)
        return m_model.append(page.items);
    // Fetched anew: what came meanwhile goes on top, unless there is more of it than this page has.
    const bool joins =
        page.items.size() < pageSize || page.items.last().receivedAt <= m_model.readings().first().receivedAt;
    if (!joins) {
        m_model.clear();
        return m_model.append(page.items);
    }
    m_model.prepend(page.items);
    return m_model.rowCount() - before;
}

void DeviceReadings::take(const Page<Reading>& page, bool first, bool byTime) {
    const int fresh = show(page, first);
    m_nextCursor = page.nextCursor;
    // With `until` the last reading of the page before comes again, and where it brings nothing else, that
    // was all.
    m_more = !m_nextCursor.isEmpty() ||
             (page.items.size() > 1 && (byTime ? fresh > 0 : page.items.size() >= pageSize));
    if (first) {
        add(std::exchange(m_early, {}));
        Q_EMIT loaded();
    }
    if (m_hasSeries != false)
        return;
    drawTable();
    if (m_more && m_model.rowCount() < mostFetchedToDraw)
        loadMore();
}

void DeviceReadings::loadMore() {
    if (!canLoadMore() || m_model.rowCount() == 0 || m_model.rowCount() >= ReadingModel::most)
        return;
    loadPage(m_nextCursor, m_nextCursor.isEmpty() ? m_model.readings().last().receivedAt : QDateTime{});
}

void DeviceReadings::loadSeries() {
    if (m_chart.fields().isEmpty() || m_device.isEmpty())
        return;
    if (m_hasSeries == false)
        return drawTable();
    QUrlQuery asked = query();
    asked.addQueryItem(u"field"_s, QString::fromLatin1(QUrl::toPercentEncoding(m_chart.fields().join(u','))));
    asked.addQueryItem(u"points"_s, QString::number(seriesPoints));
    TimeRange range = m_range;
    if (!range.begin(now()).isValid()) {
        if (m_chart.begin() == 0)
            return; // `loadMeta` says from when on
        range.since = QDateTime::fromMSecsSinceEpoch(m_chart.begin(), Qt::UTC);
    }
    addRange(asked, range, now());
    m_meanwhile.clear();
    m_seriesCall = std::make_unique<QObject>();
    m_api.series(m_device, asked, m_seriesCall.get(), [this](const Answer<SeriesAnswer>& answer) {
        m_seriesCall.release()->deleteLater();
        if (answer) {
            m_hasSeries = true;
            m_chart.assign(answer->series, answer->step);
            return m_chart.add(std::exchange(m_meanwhile, {}));
        }
        if (!answer.error().isMissing())
            return Q_EMIT failed(answer.error().detail);
        m_hasSeries = false;
        drawTable();
        if (m_more && m_model.rowCount() < mostFetchedToDraw)
            loadMore();
    });
}

void DeviceReadings::drawTable() {
    m_chart.assign(QList<Reading>{m_model.readings().rbegin(), m_model.readings().rend()});
}

void DeviceReadings::apply(const QList<LiveEvent>& events) {
    QList<Reading> mine;
    for (const LiveEvent& event : events) {
        if (const auto* reading = std::get_if<Reading>(&event);
            reading != nullptr && reading->deviceId == m_device)
            mine.push_back(*reading);
        else if (const auto* late = std::get_if<BackfillArrived>(&event);
                 late != nullptr && late->deviceId == m_device)
            return reload();
    }
    // An answer that is under way may be older than what is told live.
    if (m_loading && m_model.rowCount() == 0)
        m_early += mine;
    else
        add(mine);
}

void DeviceReadings::add(const QList<Reading>& readings) {
    QList<Reading> fresh;
    const QDateTime newest = m_model.rowCount() == 0 ? QDateTime{} : m_model.readings().first().receivedAt;
    for (const Reading& each : readings)
        if (m_range.contains(each.receivedAt, now()) && (m_simulated || !each.simulated) &&
            (!newest.isValid() || each.receivedAt >= newest))
            fresh.push_back(each);
    const int before = m_model.rowCount();
    m_model.prepend(fresh);
    const int added = m_model.rowCount() - before;
    if (added <= 0)
        return;
    m_chart.add(m_model.readings().first(added));
    if (m_seriesCall != nullptr)
        m_meanwhile += m_model.readings().first(added);
    if (m_total >= 0)
        setTotal(m_total + added);
    if (before == 0)
        Q_EMIT loaded();
}

void DeviceReadings::poll() {
    if (m_device.isEmpty() || m_loading || !m_range.isOpen())
        return;
    QUrlQuery asked = query();
    asked.addQueryItem(u"limit"_s, QString::number(pageSize));
    if (m_model.rowCount() > 0)
        asked.addQueryItem(u"since"_s, apiTime(m_model.readings().first().receivedAt));
    else
        addRange(asked, m_range, now());
    m_api.readings(m_device, asked, m_calls.get(), [this](const Answer<Page<Reading>>& page) {
        if (page)
            add(page->items);
    });
}

void DeviceReadings::setTotal(qint64 total) {
    m_total = total;
    Q_EMIT totalChanged();
}

} // namespace breakwater::desktop

#pragma once

#include "core/chart_data.hpp"
#include "core/live.hpp"
#include "core/reading_model.hpp"

#include <memory>
#include <optional>

namespace breakwater::desktop {

/// The readings of the selected device in the selected range, for the table and the chart. Kept up to date by
/// live events or by polling.
class DeviceReadings : public QObject {
    Q_OBJECT
public:
    DeviceReadings(const Api& api, Live& live, QObject* parent = nullptr);

    [[nodiscard]] ReadingModel& model() { return m_model; }
    [[nodiscard]] ChartData& chart() { return m_chart; }
    [[nodiscard]] const TimeRange& range() const { return m_range; }
    [[nodiscard]] bool includesSimulated() const { return m_includeSimulated; }
    /// The number of readings in the range; -1 while unknown.
    [[nodiscard]] qint64 total() const { return m_total; }
    [[nodiscard]] bool isLoading() const { return m_loading; }

    /// `interval`: expected time between readings, in seconds. An empty id means no device.
    void setDevice(const QString& device, int interval);
    void setRange(const TimeRange& range);
    void setIncludeSimulated(bool include);
    /// Sets the fields of the chart.
    void setFields(const QStringList& fields);
    void reload();
    /// Loads the next page of older readings, if any.
    void loadMore();
    [[nodiscard]] bool canLoadMore() const { return m_hasMore && !m_loading; }
    void setPollInterval(std::chrono::milliseconds interval) { m_pollTimer.setInterval(interval); }

Q_SIGNALS:
    /// The first page of a device or range is loaded; it may be empty.
    void loaded();
    void totalChanged();
    void failed(const QString& detail);

private:
    [[nodiscard]] QUrlQuery query() const;
    void loadPage(const QString& cursor, const QDateTime& until);
    void applyPage(const Page<Reading>& page, bool first, bool byTime);
    [[nodiscard]] int insertPage(const Page<Reading>& page, bool first);
    void loadMeta();
    void loadInterval(qint64 defaultGap);
    void loadSeries();
    void chartLoadedReadings();
    void apply(const QList<LiveEvent>& events);
    void add(const QList<Reading>& readings);
    void poll();
    void setTotal(qint64 total);

    Api m_api;
    ReadingModel m_model;
    ChartData m_chart;
    QString m_device;
    TimeRange m_range = TimeRange::last(24 * 3600);
    bool m_includeSimulated = true;
    qint64 m_total = -1;
    bool m_loading = false;
    bool m_hasMore = false;
    QString m_nextCursor;
    std::optional<bool> m_hasSeries; ///< whether the server has series; empty: unknown
    /// Context of the calls for this device and range.
    std::unique_ptr<QObject> m_calls = std::make_unique<QObject>();
    std::unique_ptr<QObject> m_seriesCall;
    std::unique_ptr<QObject> m_intervalCall;
    QList<Reading> m_beforeFirstPage;  ///< live readings that arrived before the first page
    QList<Reading> m_duringSeriesCall; ///< live readings that arrived during the series call
    QTimer m_pollTimer;
};

} // namespace breakwater::desktop

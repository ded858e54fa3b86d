#pragma once

#include "core/chart_data.hpp"
#include "core/live.hpp"
#include "core/reading_model.hpp"

#include <memory>
#include <optional>

namespace breakwater::desktop {

/// The readings of the chosen device in the chosen range, for table and chart, kept up to date: live, or by
/// asking again and again.
class DeviceReadings : public QObject {
    Q_OBJECT
public:
    DeviceReadings(const Api& api, Live& live, QObject* parent = nullptr);

    [[nodiscard]] ReadingModel& model() { return m_model; }
    [[nodiscard]] ChartData& chart() { return m_chart; }
    [[nodiscard]] const TimeRange& range() const { return m_range; }
    [[nodiscard]] bool includesSimulated() const { return m_simulated; }
    /// How many there are in the range; -1 while that isn't known.
    [[nodiscard]] qint64 total() const { return m_total; }
    [[nodiscard]] bool isLoading() const { return m_loading; }

    /// `interval`: how often it is to speak, in seconds. An empty id: no device.
    void choose(const QString& device, int interval);
    void setRange(const TimeRange& range);
    void setIncludeSimulated(bool include);
    /// Which fields the chart draws.
    void setFields(const QStringList& fields);
    void reload();
    /// Older ones, where there are any.
    void loadMore();
    [[nodiscard]] bool canLoadMore() const { return m_more && !m_loading; }
    void setPollInterval(std::chrono::milliseconds interval) { m_poll.setInterval(interval); }

Q_SIGNALS:
    /// The first readings of a device or a range are there, or there are none.
    void loaded();
    void totalChanged();
    void failed(const QString& detail);

private:
    [[nodiscard]] QUrlQuery query() const;
    void loadPage(const QString& cursor, const QDateTime& until);
    void take(const Page<Reading>& page, bool first, bool byTime);
    [[nodiscard]] int show(const Page<Reading>& page, bool first);
    void loadMeta();
    void learnInterval(qint64 silence);
    void loadSeries();
    void drawTable();
    void apply(const QList<LiveEvent>& events);
    void add(const QList<Reading>& readings);
    void poll();
    void setTotal(qint64 total);

    Api m_api;
    ReadingModel m_model;
    ChartData m_chart;
    QString m_device;
    TimeRange m_range = TimeRange::last(24 * 3600);
    bool m_simulated = true;
    qint64 m_total = -1;
    bool m_loading = false;
    bool m_more = false;
    QString m_nextCursor;
    std::optional<bool> m_hasSeries; ///< whether the server has series; not known at first
    std::unique_ptr<QObject> m_calls = std::make_unique<QObject>(); ///< of this device and range
    std::unique_ptr<QObject> m_seriesCall;
    std::unique_ptr<QObject> m_intervalCall;
    QList<Reading> m_early;     ///< came live before the first page
    QList<Reading> m_meanwhile; ///< came live while a series was asked for
    QTimer m_poll;
};

} // namespace breakwater::desktop

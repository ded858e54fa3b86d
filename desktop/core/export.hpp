#pragma once

#include "core/api.hpp"

#include <QSaveFile>

#include <memory>

namespace breakwater::desktop {

/// Writes rows to a CSV file. The file appears under its name only when it is complete. Emits exactly one of
/// `finished`, `failed` and `cancelled`.
class Export : public QObject {
    Q_OBJECT
public:
    Export(const Api& api, const QString& path, QObject* parent);

    void start();
    void cancel();
    [[nodiscard]] QString path() const { return m_file.fileName(); }

Q_SIGNALS:
    /// `total` is -1 while it is unknown.
    void progressed(qint64 rows, qint64 total);
    void finished(qint64 rows);
    void failed(const QString& detail);
    void cancelled();

protected:
    virtual void begin() = 0;

    [[nodiscard]] const Api& api() const { return m_api; }
    /// The context of all calls. Null once the export has ended.
    [[nodiscard]] QObject* calls() const { return m_calls.get(); }
    void setTotal(qint64 total);
    /// Returns false when the write failed; the export has then ended.
    bool write(const QByteArray& bytes, qint64 rows);
    void fail(const QString& detail);
    void finish();

private:
    Api m_api;
    QSaveFile m_file;
    std::unique_ptr<QObject> m_calls;
    qint64 m_rows = 0;
    qint64 m_total = -1;
};

/// A CSV cell: quoted if needed. A leading character that a spreadsheet would read as a formula is escaped.
QByteArray csvCell(const QString& text);

/// Exports the readings of a device in a time range. Uses the CSV of the server, or fetches page by page when
/// the server has no CSV export.
class ReadingsExport : public Export {
    Q_OBJECT
public:
    ReadingsExport(const Api& api, const QString& path, const QString& device, const TimeRange& range,
                   bool includeSimulated, QObject* parent);

protected:
    void begin() override;

private:
    [[nodiscard]] QUrlQuery query() const;
    void stream();
    void writeChunk(const QByteArray& bytes);
    void nextPage(const QString& cursor);
    void writePage(const Page<Reading>& page);

    QString m_device;
    TimeRange m_range;
    bool m_includeSimulated;
    bool m_inQuotes = false;     ///< the chunk ended inside a quoted cell
    bool m_headerPending = true; ///< the header line is not complete yet
    QDateTime m_oldest;          ///< receive time of the last reading written page by page
    QSet<qint64> m_idsAtOldest;  ///< ids of the readings written for that time
};

/// Exports the security events that match the filter.
class EventsExport : public Export {
    Q_OBJECT
public:
    EventsExport(const Api& api, const QString& path, EventFilter filter, QObject* parent);

protected:
    void begin() override;

private:
    void nextPage(const QString& cursor);

    EventFilter m_filter;
};

} // namespace breakwater::desktop

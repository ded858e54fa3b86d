#pragma once

#include "core/api.hpp"

#include <QSaveFile>

#include <memory>

namespace breakwater::desktop {

/// Writes rows into a CSV file, which is there under its name when all is in it, and not before. Ends with
/// exactly one of `finished`, `failed` and `cancelled`.
class Export : public QObject {
    Q_OBJECT
public:
    Export(const Api& api, const QString& path, QObject* parent);

    void start();
    void cancel();
    [[nodiscard]] QString path() const { return m_file.fileName(); }

Q_SIGNALS:
    /// `total` of -1: not known.
    void progressed(qint64 rows, qint64 total);
    void finished(qint64 rows);
    void failed(const QString& detail);
    void cancelled();

protected:
    virtual void begin() = 0;

    [[nodiscard]] const Api& api() const { return m_api; }
    /// The context of all calls; gone when the export has ended.
    [[nodiscard]] QObject* calls() const { return m_calls.get(); }
    void setTotal(qint64 total);
    /// False where it couldn't be written, which has ended the export.
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

/// A cell of a CSV file: quoted where it has to be, and harmless in a spreadsheet.
QByteArray csvCell(const QString& text);

/// The readings of a device in a range, as the server writes them; page by page where it writes none.
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
    void take(const QByteArray& bytes);
    void nextPage(const QString& cursor);
    void takePage(const Page<Reading>& page);

    QString m_device;
    TimeRange m_range;
    bool m_simulated;
    bool m_quoted = false; ///< in the middle of a cell
    bool m_header = true;  ///< nothing was written yet
    QDateTime m_oldest;    ///< of what was written page by page
    QSet<qint64> m_atOldest;
};

/// The security log as far as it fits the filter.
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

#include "core/export.hpp"

#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

ReadingsExport::ReadingsExport(const Api& api, const QString& path, const QString& device,
                               const TimeRange& range, bool includeSimulated, QObject* parent)
    : Export{api, path, parent}, m_device{device}, m_range{range}, m_includeSimulated{includeSimulated} {
    // Fixes the end of the range, so that readings that arrive during the export are not included.
    const QDateTime now = QDateTime::currentDateTimeUtc();
    m_range = {.lastSeconds = 0, .since = range.begin(now), .until = range.isOpen() ? now : range.end()};
}

QUrlQuery ReadingsExport::query() const {
    QUrlQuery parameters{{u"include_simulated"_s, m_includeSimulated ? u"true"_s : u"false"_s}};
    addRange(parameters, m_range, {});
    return parameters;
}

void ReadingsExport::begin() {
    api().readingsMeta(m_device, query(), calls(), [this](const Answer<ReadingsMeta>& meta) {
        if (!meta)
            return fail(meta.error().detail);
        setTotal(meta->totalReadings);
        stream();
    });
}

void ReadingsExport::stream() {
    const Request request{.method = "GET",
                          .path = u"/devices/%1/readings.csv"_s.arg(m_device),
                          .query = query(),
                          .sink = [this](const QByteArray& bytes) { writeChunk(bytes); }};
    api().session().send(request, calls(), [this](const Answer<Response>& answer) {
        if (answer)
            return finish();
        if (!answer.error().isMissing())
            return fail(answer.error().detail);
        if (write("id,device_id,device_timestamp,received_at,payload_size,payload\n", 0))
            nextPage({});
    });
}

void ReadingsExport::writeChunk(const QByteArray& bytes) {
    qint64 rows = 0;
    for (const char byte : bytes) {
        if (byte == '"')
            m_inQuotes = !m_inQuotes;
        else if (byte == '\n' && !m_inQuotes && !std::exchange(m_headerPending, false))
            ++rows;
    }
    write(bytes, rows);
}

void ReadingsExport::nextPage(const QString& cursor) {
    QUrlQuery parameters = query();
    parameters.addQueryItem(u"limit"_s, u"500"_s);
    if (!cursor.isEmpty()) {
        parameters.addQueryItem(u"cursor"_s, cursor);
    } else if (m_oldest.isValid()) {
        parameters.removeQueryItem(u"until"_s);
        parameters.addQueryItem(u"until"_s, apiTime(m_oldest));
    }
    api().readings(m_device, parameters, calls(), [this](const Answer<Page<Reading>>& page) {
        if (!page)
            return fail(page.error().detail);
        writePage(*page);
    });
}

void ReadingsExport::writePage(const Page<Reading>& page) {
    QByteArray lines;
    qint64 rows = 0;
    for (const Reading& reading : page.items) {
        if (reading.receivedAt == m_oldest && m_idsAtOldest.contains(reading.id))
            continue; // already written with the previous page
        if (reading.receivedAt != m_oldest) {
            m_oldest = reading.receivedAt;
            m_idsAtOldest.clear();
        }
        m_idsAtOldest.insert(reading.id);
        const QByteArray payload = QJsonDocument{reading.payload}.toJson(QJsonDocument::Compact);
        const QString measured = reading.measuredAt.isValid() ? apiTime(reading.measuredAt) : QString{};
        lines += QByteArray::number(reading.id) + ',' + csvCell(reading.deviceId) + ',' + csvCell(measured) +
                 ',' + csvCell(apiTime(reading.receivedAt)) + ',' + QByteArray::number(reading.size) + ',' +
                 csvCell(QString::fromUtf8(payload)) + '\n';
        ++rows;
    }
    if (!write(lines, rows))
        return;
    if (rows == 0 || (page.nextCursor.isEmpty() && page.items.size() <= 1))
        return finish();
    nextPage(page.nextCursor);
}

} // namespace breakwater::desktop

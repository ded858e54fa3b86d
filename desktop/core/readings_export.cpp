#include "core/export.hpp"

#include <QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

ReadingsExport::ReadingsExport(const Api& api, const QString& path, const QString& device,
                               const TimeRange& range, bool includeSimulated, QObject* parent)
    : Export{api, path, parent}, m_device{device}, m_range{range}, m_simulated{includeSimulated} {
    // What is exported has an end, also where more comes in meanwhile.
    const QDateTime now = QDateTime::currentDateTimeUtc();
    m_range = {.lastSeconds = 0, .since = range.begin(now), .until = range.isOpen() ? now : range.end()};
}

QUrlQuery ReadingsExport::query() const {
    QUrlQuery asked{{u"include_simulated"_s, m_simulated ? u"true"_s : u"false"_s}};
    addRange(asked, m_range, {});
    return asked;
}

void ReadingsExport::begin() {
    api().readingsMeta(m_device, query(), calls(), [this](const Answer<ReadingsMeta>& meta) {
        if (!meta)
            return fail(meta.error().detail);
        setTotal(meta->total);
        stream();
    });
}

void ReadingsExport::stream() {
    const Request request{.method = "GET",
                          .path = u"/devices/%1/readings.csv"_s.arg(m_device),
                          .query = query(),
                          .sink = [this](const QByteArray& bytes) { take(bytes); }};
    api().session().send(request, calls(), [this](const Answer<Response>& answer) {
        if (answer)
            return finish();
        if (!answer.error().isMissing())
            return fail(answer.error().detail);
        if (write("id,device_id,device_timestamp,received_at,payload_size,payload\n", 0))
            nextPage({});
    });
}

void ReadingsExport::take(const QByteArray& bytes) {
    qint64 rows = 0;
    for (const char each : bytes) {
        if (each == '"')
            m_quoted = !m_quoted;
        else if (each == '\n' && !m_quoted && !std::exchange(m_header, false))
            ++rows;
    }
    write(bytes, rows);
}

void ReadingsExport::nextPage(const QString& cursor) {
    QUrlQuery asked = query();
    asked.addQueryItem(u"limit"_s, u"500"_s);
    if (!cursor.isEmpty()) {
        asked.addQueryItem(u"cursor"_s, cursor);
    } else if (m_oldest.isValid()) {
        asked.removeQueryItem(u"until"_s);
        asked.addQueryItem(u"until"_s, apiTime(m_oldest));
    }
    api().readings(m_device, asked, calls(), [this](const Answer<Page<Reading>>& page) {
        if (!page)
            return fail(page.error().detail);
        takePage(*page);
    });
}

void ReadingsExport::takePage(const Page<Reading>& page) {
    QByteArray lines;
    qint64 rows = 0;
    for (const Reading& each : page.items) {
        if (each.receivedAt == m_oldest && m_atOldest.contains(each.id))
            continue; // came at the end of the page before
        if (each.receivedAt != m_oldest) {
            m_oldest = each.receivedAt;
            m_atOldest.clear();
        }
        m_atOldest.insert(each.id);
        const QByteArray payload = QJsonDocument{each.payload}.toJson(QJsonDocument::Compact);
        const QString measured = each.measuredAt.isValid() ? apiTime(each.measuredAt) : QString{};
        lines += QByteArray::number(each.id) + ',' + csvCell(each.deviceId) + ',' + csvCell(measured) + ',' +
                 csvCell(apiTime(each.receivedAt)) + ',' + QByteArray::number(each.size) + ',' +
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

#include "core/event_log.hpp"
#include "core/export.hpp"

namespace breakwater::desktop {

namespace {

constexpr int pageSize = 500;

QByteArray lineOf(const SecurityEvent& event) {
    const QString cells[] = {QString::number(event.id),
                             apiTime(event.createdAt),
                             event.eventType,
                             event.status,
                             event.actorType,
                             event.actorId,
                             event.sourceAddress,
                             event.route,
                             event.simulated ? QStringLiteral("true") : QStringLiteral("false"),
                             QString::number(event.count),
                             event.detail,
                             event.targets.isEmpty() ? QString{} : event.targets[0].targetType,
                             event.targets.isEmpty() ? QString{} : event.targets[0].targetId,
                             QString::number(event.targetCount)};
    QByteArray line;
    for (const QString& cell : cells)
        line += (line.isEmpty() ? "" : ",") + csvCell(cell);
    return line + '\n';
}

} // namespace

EventsExport::EventsExport(const Api& api, const QString& path, EventFilter filter, QObject* parent)
    : Export{api, path, parent}, m_filter{std::move(filter)} {}

void EventsExport::begin() {
    if (write("id,created_at,event_type,status,actor_type,actor_id,source_address,route,simulated,count,"
              "detail,target_type,target_id,target_count\n",
              0))
        nextPage({});
}

void EventsExport::nextPage(const QString& cursor) {
    api().securityEvents(m_filter, cursor, pageSize, calls(),
                         [this](const Answer<Page<SecurityEvent>>& page) {
                             if (!page)
                                 return fail(page.error().detail);
                             QByteArray lines;
                             qint64 rows = 0;
                             for (const SecurityEvent& event : page->items) {
                                 if (!matches(event, m_filter))
                                     continue;
                                 lines += lineOf(event);
                                 ++rows;
                             }
                             if (!write(lines, rows))
                                 return;
                             if (page->nextCursor.isEmpty())
                                 finish();
                             else
                                 nextPage(page->nextCursor);
                         });
}

} // namespace breakwater::desktop

#include "core/event_log.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

constexpr std::chrono::seconds pollInterval{10};
constexpr int pageSize = 200;

constexpr std::pair<QLatin1StringView, const char*> typeNames[] = {
    {"device"_L1, QT_TRANSLATE_NOOP("breakwater::desktop::EventModel", "device")},
    {"user"_L1, QT_TRANSLATE_NOOP("breakwater::desktop::EventModel", "user")},
    {"session"_L1, QT_TRANSLATE_NOOP("breakwater::desktop::EventModel", "session")},
    {"alert"_L1, QT_TRANSLATE_NOOP("breakwater::desktop::EventModel", "alert")},
    {"alert_rule"_L1, QT_TRANSLATE_NOOP("breakwater::desktop::EventModel", "rule")},
    {"webhook"_L1, QT_TRANSLATE_NOOP("breakwater::desktop::EventModel", "webhook")},
    {"policy"_L1, QT_TRANSLATE_NOOP("breakwater::desktop::EventModel", "limits of")},
    {"invitation"_L1, QT_TRANSLATE_NOOP("breakwater::desktop::EventModel", "invitation")},
    {"system"_L1, QT_TRANSLATE_NOOP("breakwater::desktop::EventModel", "the system")},
    {"anonymous"_L1, QT_TRANSLATE_NOOP("breakwater::desktop::EventModel", "unknown")},
};

/// The translated name of a type. A type that only another server implementation knows stays as it is.
QString typeName(const QString& type) {
    const auto* const entry =
        std::ranges::find_if(typeNames, [&](const auto& item) { return type == item.first; });
    return entry == std::end(typeNames) ? type : EventModel::tr(entry->second);
}

} // namespace

int EventModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant EventModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const SecurityEvent& event = rows()[index.row()];
    if (role == Qt::ToolTipRole && index.column() == Source)
        return event.route;
    if (role == Qt::ToolTipRole && index.column() == Target) {
        QStringList lines;
        for (const EventTarget& target : event.targets)
            lines.append(nameOf(target.targetType, target.targetId));
        return lines.join(u'\n');
    }
    if (role == Qt::TextAlignmentRole && index.column() == Count)
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Time: return event.createdAt;
    case Event: return event.simulated ? tr("%1 (drill)").arg(event.eventType) : event.eventType;
    case Status: return event.status;
    case Actor:
        return event.actorId.isEmpty() ? typeName(event.actorType) : nameOf(event.actorType, event.actorId);
    case Target:
        if (event.targets.isEmpty())
            return {};
        return event.targetCount <= 1
                   ? nameOf(event.targets[0].targetType, event.targets[0].targetId)
                   : tr("%1 and %2 more")
                         .arg(nameOf(event.targets[0].targetType, event.targets[0].targetId),
                              QString::number(event.targetCount - 1));
    case Detail: return event.detail;
    case Source: return event.sourceAddress;
    case Count: return event.count;
    default: return {};
    }
}

QString EventModel::nameOf(const QString& type, const QString& id) const {
    const QString name = m_nameLookup(type, id);
    return name.isEmpty() ? typeName(type) + u' ' + id : name;
}

QVariant EventModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time: return tr("Time");
    case Event: return tr("Event");
    case Status: return tr("Result");
    case Actor: return tr("Actor");
    case Target: return tr("Target");
    case Detail: return tr("Details");
    case Source: return tr("Source");
    case Count: return tr("Count");
    default: return {};
    }
}

bool matches(const SecurityEvent& event, const EventFilter& filter) {
    const auto isSame = [](const QString& filterValue, const QString& value) {
        return filterValue.isEmpty() || filterValue == value;
    };
    return isSame(filter.actorType, event.actorType) && isSame(filter.actorId, event.actorId) &&
           isSame(filter.eventType, event.eventType) && isSame(filter.status, event.status) &&
           filter.range.contains(event.createdAt, QDateTime::currentDateTimeUtc());
}

bool isAbout(const SecurityEvent& event, const QString& device) {
    const auto isDevice = [&](const EventTarget& target) {
        return target.targetType == "device"_L1 && target.targetId == device;
    };
    // Other server implementations name the device only in the detail text.
    return std::ranges::any_of(event.targets, isDevice) || event.actorId == device ||
           event.detail.contains(device);
}

bool isRoutine(const SecurityEvent& event) {
    return event.status == "success"_L1 &&
           (event.eventType == "device_auth"_L1 || event.eventType == "reading_accept"_L1);
}

EventLog::EventLog(const Api& api, Live& live, QObject* parent) : QObject{parent}, m_api{api}, m_live{live} {
    m_pollTimer.setInterval(pollInterval);
    connect(&m_pollTimer, &QTimer::timeout, this, [this] {
        if (m_active)
            reload();
    });
    connect(&live, &Live::eventsReceived, this, &EventLog::apply);
    connect(&live, &Live::eventsMissed, this, [this] {
        if (m_active)
            reload();
    });
    connect(&live, &Live::stateChanged, this, &EventLog::updatePolling);
    updatePolling();
}

/// Only administrators receive security events live.
void EventLog::updatePolling() {
    const Live::State state = m_live.state();
    if (state == Live::State::Unsupported || state == Live::State::Lost ||
        !m_api.session().claims().administrator)
        m_pollTimer.start();
    else
        m_pollTimer.stop();
}

void EventLog::setFilter(const EventFilter& filter) {
    clear();
    m_filter = filter;
    reload();
}

void EventLog::setDevice(const QString& id) {
    clear();
    m_device = id;
    updatePolling();
    reload();
}

void EventLog::clear() {
    m_active = false;
    m_calls.reset();
    m_model.assign({});
    m_nextCursor.clear();
    m_filter = {};
    m_device.clear();
}

void EventLog::reload() {
    m_active = true;
    m_calls = std::make_unique<QObject>();
    if (m_device.isEmpty())
        return fetch(m_filter, {}, pageSize);
    EventFilter filter;
    filter.device = m_device;
    fetch(filter, {}, pageSize);
}

void EventLog::loadMore() {
    if (m_device.isEmpty() && !m_nextCursor.isEmpty() && m_model.rowCount() < maxRows)
        fetch(m_filter, std::exchange(m_nextCursor, {}), pageSize);
}

void EventLog::fetch(const EventFilter& filter, const QString& cursor, int limit) {
    m_api.securityEvents(filter, cursor, limit, m_calls.get(),
                         [this, cursor](const Answer<Page<SecurityEvent>>& page) {
                             if (!page && page.error().isMissing() && !m_device.isEmpty())
                                 return; // another server implementation, without security events for owners
                             if (!page)
                                 return Q_EMIT failed(page.error().detail);
                             for (const SecurityEvent& event : page->items)
                                 if (accepts(event))
                                     m_model.put(event);
                             if (!cursor.isEmpty() || m_model.rowCount() <= pageSize)
                                 m_nextCursor = page->nextCursor;
                         });
}

bool EventLog::accepts(const SecurityEvent& event) const {
    return m_device.isEmpty() ? matches(event, m_filter) : isAbout(event, m_device) && !isRoutine(event);
}

void EventLog::apply(const QList<LiveEvent>& events) {
    if (!m_active)
        return;
    for (const LiveEvent& event : events)
        if (const auto* row = std::get_if<SecurityEvent>(&event); row != nullptr && accepts(*row))
            m_model.put(*row);
    m_model.truncate(maxRows);
}

} // namespace breakwater::desktop

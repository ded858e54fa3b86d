#include "core/event_log.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

constexpr std::chrono::seconds pollInterval{10};
constexpr int pageSize = 200;

constexpr std::pair<QLatin1StringView, const char*> kinds[] = {
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

/// What a thing is, in the reader's language; of a server of another make, in its own.
QString kindOf(const QString& type) {
    const auto* const known =
        std::ranges::find_if(kinds, [&](const auto& each) { return type == each.first; });
    return known == std::end(kinds) ? type : EventModel::tr(known->second);
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
        for (const EventTarget& each : event.targets)
            lines.append(nameOf(each.type, each.id));
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
        return event.actorId.isEmpty() ? kindOf(event.actorType) : nameOf(event.actorType, event.actorId);
    case Target:
        if (event.targets.isEmpty())
            return {};
        return event.targetCount <= 1 ? nameOf(event.targets[0].type, event.targets[0].id)
                                      : tr("%1 and %2 more")
                                            .arg(nameOf(event.targets[0].type, event.targets[0].id),
                                                 QString::number(event.targetCount - 1));
    case Detail: return event.detail;
    case Source: return event.sourceAddress;
    case Count: return event.count;
    default: return {};
    }
}

QString EventModel::nameOf(const QString& type, const QString& id) const {
    const QString name = m_names(type, id);
    return name.isEmpty() ? kindOf(type) + u' ' + id : name;
}

QVariant EventModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time: return tr("Time");
    case Event: return tr("Event");
    case Status: return tr("Status");
    case Actor: return tr("Who");
    case Target: return tr("About");
    case Detail: return tr("What happened");
    case Source: return tr("From");
    case Count: return tr("Times");
    default: return {};
    }
}

bool fits(const SecurityEvent& event, const EventFilter& filter) {
    const auto same = [](const QString& wanted, const QString& is) {
        return wanted.isEmpty() || wanted == is;
    };
    return same(filter.actorType, event.actorType) && same(filter.actorId, event.actorId) &&
           same(filter.eventType, event.eventType) && same(filter.status, event.status) &&
           filter.range.contains(event.createdAt, QDateTime::currentDateTimeUtc());
}

bool isAbout(const SecurityEvent& event, const QString& device) {
    const auto names = [&](const EventTarget& each) { return each.type == "device"_L1 && each.id == device; };
    // A server of another make names it in the sentence alone.
    return std::ranges::any_of(event.targets, names) || event.actorId == device ||
           event.detail.contains(device);
}

bool isRoutine(const SecurityEvent& event) {
    return event.status == "success"_L1 &&
           (event.eventType == "device_auth"_L1 || event.eventType == "reading_accept"_L1);
}

EventLog::EventLog(const Api& api, Live& live, QObject* parent) : QObject{parent}, m_api{api}, m_live{live} {
    m_poll.setInterval(pollInterval);
    connect(&m_poll, &QTimer::timeout, this, [this] {
        if (m_active)
            reload();
    });
    connect(&live, &Live::happened, this, &EventLog::apply);
    connect(&live, &Live::missed, this, [this] {
        if (m_active)
            reload();
    });
    connect(&live, &Live::stateChanged, this, &EventLog::pollWhereNeeded);
    pollWhereNeeded();
}

/// Administrators alone hear of events live.
void EventLog::pollWhereNeeded() {
    const Live::State state = m_live.state();
    if (state == Live::State::Unsupported || state == Live::State::Lost ||
        !m_api.session().who().administrator)
        m_poll.start();
    else
        m_poll.stop();
}

void EventLog::setFilter(const EventFilter& filter) {
    clear();
    m_filter = filter;
    reload();
}

void EventLog::setDevice(const QString& id) {
    clear();
    m_device = id;
    pollWhereNeeded();
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
        return ask(m_filter, {}, pageSize);
    EventFilter about;
    about.device = m_device;
    ask(about, {}, pageSize);
}

void EventLog::loadMore() {
    if (m_device.isEmpty() && !m_nextCursor.isEmpty() && m_model.rowCount() < most)
        ask(m_filter, std::exchange(m_nextCursor, {}), pageSize);
}

void EventLog::ask(const EventFilter& filter, const QString& cursor, int limit) {
    m_api.securityEvents(filter, cursor, limit, m_calls.get(),
                         [this, cursor](const Answer<Page<SecurityEvent>>& page) {
                             if (!page && page.error().isMissing() && !m_device.isEmpty())
                                 return; // a server of another make, which owners can't ask
                             if (!page)
                                 return Q_EMIT failed(page.error().detail);
                             for (const SecurityEvent& each : page->items)
                                 if (wants(each))
                                     m_model.put(each);
                             if (!cursor.isEmpty() || m_model.rowCount() <= pageSize)
                                 m_nextCursor = page->nextCursor;
                         });
}

bool EventLog::wants(const SecurityEvent& event) const {
    return m_device.isEmpty() ? fits(event, m_filter) : isAbout(event, m_device) && !isRoutine(event);
}

void EventLog::apply(const QList<LiveEvent>& events) {
    if (!m_active)
        return;
    for (const LiveEvent& event : events)
        if (const auto* row = std::get_if<SecurityEvent>(&event); row != nullptr && wants(*row))
            m_model.put(*row);
    m_model.cut(most);
}

} // namespace breakwater::desktop

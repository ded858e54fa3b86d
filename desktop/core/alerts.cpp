#include "core/alerts.hpp"

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

constexpr std::chrono::seconds pollInterval{15};
constexpr qsizetype maxLateAlerts = 100;

QString severityName(const QString& severity) {
    if (severity == "critical"_L1)
        return AlertModel::tr("Critical");
    return severity == "warning"_L1 ? AlertModel::tr("Warning") : AlertModel::tr("Information");
}

QString stateName(const Alert& alert) {
    if (alert.state == "resolved"_L1)
        return AlertModel::tr("Raised late, already resolved");
    if (alert.state == "open"_L1)
        return AlertModel::tr("Open");
    if (alert.acknowledgedBy.isEmpty())
        return AlertModel::tr("Acknowledged");
    return AlertModel::tr("Acknowledged by %1").arg(alert.acknowledgedBy);
}

QString deviceOf(const Alert& alert) {
    if (alert.deviceDeleted)
        return AlertModel::tr("%1 (deleted)").arg(alert.deviceName);
    return alert.simulated ? AlertModel::tr("%1 (simulated)").arg(alert.deviceName) : alert.deviceName;
}

} // namespace

int AlertModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant AlertModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Alert& alert = rows()[index.row()];
    if (role == SeverityRole)
        return alert.severity;
    if (role == StateRole)
        return alert.state;
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Severity: return severityName(alert.severity);
    case Summary: return alert.summary.isEmpty() ? alert.ruleName : alert.summary;
    case DeviceName: return deviceOf(alert);
    case State: return stateName(alert);
    case RaisedAt: return alert.raisedAt;
    case Count: return alert.count.value_or(1);
    default: return {};
    }
}

QVariant AlertModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Severity: return tr("Severity");
    case Summary: return tr("Problem");
    case DeviceName: return tr("Device");
    case State: return tr("State");
    case RaisedAt: return tr("Since");
    case Count: return tr("Count");
    default: return {};
    }
}

Alerts::Alerts(const Api& api, Live& live, QObject* parent) : QObject{parent}, m_api{api} {
    m_pollTimer.setInterval(pollInterval);
    connect(&m_pollTimer, &QTimer::timeout, this, &Alerts::load);
    connect(&live, &Live::eventsReceived, this, &Alerts::apply);
    connect(&live, &Live::eventsMissed, this, &Alerts::load);
    connect(&live, &Live::stateChanged, this, [this](Live::State state) {
        if (m_supported && (state == Live::State::Unsupported || state == Live::State::Lost))
            m_pollTimer.start();
        else
            m_pollTimer.stop();
    });
}

int Alerts::openCount() const {
    return static_cast<int>(std::count_if(m_model.rows().begin(), m_model.rows().end(),
                                          [](const Alert& item) { return item.state == "open"_L1; }));
}

void Alerts::load() {
    m_api.alerts(u"live"_s, m_calls.get(), [this](const Answer<Page<Alert>>& page) {
        if (!page && page.error().isMissing())
            return setSupported(false);
        if (!page)
            return Q_EMIT failed(page.error().detail);
        setSupported(true);
        m_model.assign(page->items + lateAlerts());
        Q_EMIT changed();
        loadLate();
    });
}

/// Adds the late alerts of the last 24 hours. They were already resolved when they were raised, so the list
/// of live alerts does not contain them.
void Alerts::loadLate() {
    m_api.alerts(u"resolved"_s, m_calls.get(), [this](const Answer<Page<Alert>>& page) {
        if (!page)
            return Q_EMIT failed(page.error().detail);
        const QDateTime yesterday = QDateTime::currentDateTimeUtc().addDays(-1);
        for (const Alert& alert : page->items)
            if (alert.late && alert.raisedAt > yesterday)
                update(alert);
    });
}

void Alerts::clear() {
    m_calls = std::make_unique<QObject>();
    m_pollTimer.stop();
    m_model.assign({});
    setSupported(false);
    Q_EMIT changed();
}

void Alerts::acknowledge(const QString& id) {
    m_api.acknowledgeAlert(id, m_calls.get(), [this](const Answer<Alert>& alert) {
        if (!alert)
            return Q_EMIT failed(alert.error().detail);
        update(*alert);
    });
}

void Alerts::resolve(const QString& id) {
    m_api.resolveAlert(id, m_calls.get(), [this](const Answer<Alert>& alert) {
        if (!alert)
            return Q_EMIT failed(alert.error().detail);
        update(*alert);
    });
}

void Alerts::update(const Alert& alert) {
    if (alert.state == "resolved"_L1 && !alert.late)
        m_model.remove(alert.id);
    else
        m_model.put(alert);
    if (const QList<Alert> late = lateAlerts(); late.size() > maxLateAlerts)
        m_model.remove(late.last().id);
    Q_EMIT changed();
}

/// Newest first.
QList<Alert> Alerts::lateAlerts() const {
    QList<Alert> late;
    std::copy_if(m_model.rows().begin(), m_model.rows().end(), std::back_inserter(late),
                 [](const Alert& item) { return item.state == "resolved"_L1; });
    return late;
}

void Alerts::apply(const QList<LiveEvent>& events) {
    for (const LiveEvent& event : events)
        if (const auto* alert = std::get_if<Alert>(&event))
            update(*alert);
}

void Alerts::setSupported(bool supported) {
    if (m_supported == supported)
        return;
    m_supported = supported;
    Q_EMIT supportedChanged(supported);
}

} // namespace breakwater::desktop

#include "core/fleet.hpp"

namespace breakwater::desktop {

namespace {

constexpr std::chrono::seconds pollInterval{10};
constexpr std::chrono::milliseconds askInterval{1000};
constexpr std::chrono::milliseconds knownInterval{1000};
/// Devices asked about at a time, where it goes one by one.
constexpr int mostAsked = 8;

template <class... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};

} // namespace

Fleet::Fleet(const Api& api, Live& live, QObject* parent) : QObject{parent}, m_api{api}, m_live{live} {
    m_poll.setInterval(pollInterval);
    connect(&m_poll, &QTimer::timeout, this, &Fleet::load);
    m_ask.setInterval(askInterval);
    connect(&m_ask, &QTimer::timeout, this, &Fleet::askVisible);
    connect(&m_live, &Live::happened, this, &Fleet::apply);
    connect(&m_live, &Live::missed, this, &Fleet::loadAnew);
    connect(&m_live, &Live::stateChanged, this, [this](Live::State state) {
        // Polls where there is nothing live, and while what was live is lost.
        if (state == Live::State::Unsupported || state == Live::State::Lost)
            m_poll.start();
        else
            m_poll.stop();
        // Until then everything was told. What is back has to be caught up with first.
        m_known = m_live.lastHeard();
        if (state != Live::State::Connected)
            showUnknown();
        else if (m_loading != nullptr)
            loadAnew(); // it may wait on a connection that is dead
    });
    m_knownBeat.setInterval(knownInterval);
    connect(&m_knownBeat, &QTimer::timeout, this, &Fleet::showUnknown);
    m_knownBeat.start();
}

void Fleet::learned() {
    m_known = QDateTime::currentDateTimeUtc();
    showUnknown();
}

void Fleet::showUnknown() {
    if (m_loading != nullptr && m_live.state() == Live::State::Connected)
        return;
    const bool live = m_live.state() == Live::State::Connected || m_live.state() == Live::State::Off;
    const bool known =
        live || !m_known.isValid() ||
        m_known.msecsTo(QDateTime::currentDateTimeUtc()) <= static_cast<qint64>(m_longestSilence.count());
    m_model.setUnknownSince(known ? QDateTime{} : m_known);
}

void Fleet::loadAnew() {
    m_loading.reset();
    load();
}

void Fleet::load() {
    if (m_loading != nullptr)
        return;
    m_loading = std::make_unique<QObject>();
    if (m_model.categories().isEmpty())
        m_api.categories(m_calls.get(), [this](const Answer<QList<Category>>& categories) {
            if (categories)
                m_model.setCategories(*categories);
        });
    m_api.devices(m_loading.get(), [this](const Answer<QList<Device>>& devices) {
        m_loading.release()->deleteLater();
        if (!devices)
            return Q_EMIT failed(devices.error().detail);
        m_model.assign(*devices);
        Q_EMIT loaded();
        if (m_heardByDevice)
            learned();
        else
            loadHeard({});
    });
}

void Fleet::loadHeard(const QString& cursor) {
    m_api.lastHeard(cursor, m_calls.get(), [this](const Answer<Page<LastHeard>>& page) {
        if (!page) {
            m_heardByDevice = page.error().isMissing();
            if (m_heardByDevice) {
                m_ask.start();
                learned();
            }
            return;
        }
        for (const LastHeard& each : page->items)
            m_model.heard(each.deviceId, each.at);
        if (!page->nextCursor.isEmpty())
            loadHeard(page->nextCursor);
        else
            learned();
    });
}

void Fleet::clear() {
    m_loading.reset();
    m_calls = std::make_unique<QObject>();
    m_asked = 0;
    m_poll.stop();
    m_ask.stop();
    m_heardByDevice = false;
    m_visible.clear();
    m_model.clear();
    m_model.setCategories({});
}

void Fleet::look(const QStringList& ids) {
    m_visible = ids;
    askVisible();
}

void Fleet::askVisible() {
    if (!m_heardByDevice)
        return;
    for (qsizetype left = m_visible.size(); left > 0 && m_asked < mostAsked; --left) {
        const QString id = m_visible.takeFirst();
        m_visible.push_back(id); // round and round
        const Device* known = m_model.find(id);
        if (known == nullptr)
            continue;
        ++m_asked;
        m_api.device(id, m_calls.get(), [this, id](const Answer<Device>& device) {
            --m_asked;
            if (device) {
                m_model.put(*device);
                learned();
            } else if (device.error().status == 404) {
                m_model.remove(id);
            }
        });
    }
}

void Fleet::apply(const QList<LiveEvent>& events) {
    const Overloaded visit{
        [this](const Reading& reading) {
            const Device* known = m_model.find(reading.deviceId);
            if (known != nullptr && (known->simulated || !reading.simulated))
                m_model.heard(reading.deviceId, reading.receivedAt);
        },
        [this](const DeviceChanged& changed) { m_model.put(changed.device); },
        [this](const DeviceDeleted& deleted) { m_model.remove(deleted.id); },
        [this](const BackfillArrived& late) { m_model.heard(late.deviceId, late.receivedAt); },
        [](const SecurityEvent&) {},
        [](const Alert&) {},
    };
    for (const LiveEvent& event : events)
        std::visit(visit, event);
}

} // namespace breakwater::desktop

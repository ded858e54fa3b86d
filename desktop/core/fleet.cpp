#include "core/fleet.hpp"

namespace breakwater::desktop {

namespace {

constexpr std::chrono::seconds pollInterval{10};
constexpr std::chrono::milliseconds visiblePollInterval{1000};
constexpr std::chrono::milliseconds unknownCheckInterval{1000};
/// The limit of concurrent calls when devices are fetched one by one.
constexpr int maxPendingCalls = 8;

template <class... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};

} // namespace

Fleet::Fleet(const Api& api, Live& live, QObject* parent) : QObject{parent}, m_api{api}, m_live{live} {
    m_pollTimer.setInterval(pollInterval);
    connect(&m_pollTimer, &QTimer::timeout, this, &Fleet::load);
    m_visibleTimer.setInterval(visiblePollInterval);
    connect(&m_visibleTimer, &QTimer::timeout, this, &Fleet::pollVisibleDevices);
    connect(&m_live, &Live::eventsReceived, this, &Fleet::apply);
    connect(&m_live, &Live::eventsMissed, this, &Fleet::restartLoad);
    connect(&m_live, &Live::stateChanged, this, [this](Live::State state) {
        // Polls while no live events arrive.
        if (state == Live::State::Unsupported || state == Live::State::Lost)
            m_pollTimer.start();
        else
            m_pollTimer.stop();
        // The data is current up to the last message. After a reconnect it is current when the load is done.
        m_knownAt = m_live.lastReceived();
        if (state != Live::State::Connected)
            updateUnknownSince();
        else if (m_loading != nullptr)
            restartLoad(); // the running call may wait on a dead connection
    });
    m_unknownTimer.setInterval(unknownCheckInterval);
    connect(&m_unknownTimer, &QTimer::timeout, this, &Fleet::updateUnknownSince);
    m_unknownTimer.start();
}

void Fleet::markKnown() {
    m_knownAt = QDateTime::currentDateTimeUtc();
    updateUnknownSince();
}

void Fleet::updateUnknownSince() {
    if (m_loading != nullptr && m_live.state() == Live::State::Connected)
        return;
    const bool isLive = m_live.state() == Live::State::Connected || m_live.state() == Live::State::Off;
    const bool isKnown =
        isLive || !m_knownAt.isValid() ||
        m_knownAt.msecsTo(QDateTime::currentDateTimeUtc()) <= static_cast<qint64>(m_silenceLimit.count());
    m_model.setUnknownSince(isKnown ? QDateTime{} : m_knownAt);
}

void Fleet::restartLoad() {
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
        if (m_pollsEachDevice)
            markKnown();
        else
            loadLastReadings({});
    });
}

void Fleet::loadLastReadings(const QString& cursor) {
    m_api.lastReadings(cursor, m_calls.get(), [this](const Answer<Page<DeviceLatest>>& page) {
        if (!page) {
            m_pollsEachDevice = page.error().isMissing();
            if (m_pollsEachDevice) {
                m_visibleTimer.start();
                markKnown();
            }
            return;
        }
        for (const DeviceLatest& device : page->items)
            m_model.recordReading(device.deviceId, device.lastReadingAt);
        if (!page->nextCursor.isEmpty())
            loadLastReadings(page->nextCursor);
        else
            markKnown();
    });
}

void Fleet::clear() {
    m_loading.reset();
    m_calls = std::make_unique<QObject>();
    m_pendingCalls = 0;
    m_pollTimer.stop();
    m_visibleTimer.stop();
    m_pollsEachDevice = false;
    m_visible.clear();
    m_model.clear();
    m_model.setCategories({});
}

void Fleet::setVisibleDevices(const QStringList& ids) {
    m_visible = ids;
    pollVisibleDevices();
}

void Fleet::pollVisibleDevices() {
    if (!m_pollsEachDevice)
        return;
    for (auto remaining = m_visible.size(); remaining > 0 && m_pendingCalls < maxPendingCalls; --remaining) {
        const QString id = m_visible.takeFirst();
        m_visible.push_back(id); // round robin
        const Device* stored = m_model.find(id);
        if (stored == nullptr)
            continue;
        ++m_pendingCalls;
        m_api.device(id, m_calls.get(), [this, id](const Answer<Device>& device) {
            --m_pendingCalls;
            if (device) {
                m_model.put(*device);
                markKnown();
            } else if (device.error().status == 404) {
                m_model.remove(id);
            }
        });
    }
}

void Fleet::apply(const QList<LiveEvent>& events) {
    const Overloaded visit{
        [this](const Reading& reading) {
            const Device* stored = m_model.find(reading.deviceId);
            if (stored != nullptr && (stored->simulated || !reading.simulated))
                m_model.recordReading(reading.deviceId, reading.receivedAt);
        },
        [this](const DeviceChanged& changed) { m_model.put(changed.device); },
        [this](const LiveDeviceRemoval& removal) { m_model.remove(removal.deviceId); },
        [this](const LiveBackfill& late) { m_model.recordReading(late.deviceId, late.receivedAt); },
        [](const SecurityEvent&) {},
        [](const Alert&) {},
    };
    for (const LiveEvent& event : events)
        std::visit(visit, event);
}

} // namespace breakwater::desktop

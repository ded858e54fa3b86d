#pragma once

#include "core/device_model.hpp"
#include "core/live.hpp"

#include <QStringList>

#include <memory>

namespace breakwater::desktop {

/// Keeps the device model in step with the server. Fetches the list, applies live events, fetches the list
/// again after missed events, and polls while there are no live events.
class Fleet : public QObject {
    Q_OBJECT
public:
    Fleet(const Api& api, Live& live, QObject* parent = nullptr);

    [[nodiscard]] DeviceModel& model() { return m_model; }
    [[nodiscard]] bool isLoading() const { return m_loading != nullptr; }
    void setPollInterval(std::chrono::milliseconds interval) { m_pollTimer.setInterval(interval); }
    /// While there are no live events: the time after the last response when the state of the devices becomes
    /// unknown.
    void setSilenceLimit(std::chrono::milliseconds limit) { m_silenceLimit = limit; }

    void load();
    void clear();
    /// Sets the devices on screen. If the server has no list of last readings, the fleet polls these devices
    /// one by one.
    void setVisibleDevices(const QStringList& ids);

Q_SIGNALS:
    void loaded();
    void failed(const QString& detail);

private:
    void apply(const QList<LiveEvent>& events);
    void loadLastReadings(const QString& cursor);
    void pollVisibleDevices();
    void restartLoad();
    void markKnown();
    void updateUnknownSince();

    Api m_api;
    Live& m_live;
    DeviceModel m_model;
    std::unique_ptr<QObject> m_loading;
    std::unique_ptr<QObject> m_calls = std::make_unique<QObject>(); ///< context of the calls of this sign-in
    QTimer m_pollTimer;
    bool m_pollsEachDevice = false; ///< the server has no list of last readings
    QStringList m_visible;
    QTimer m_visibleTimer;
    int m_pendingCalls = 0;
    QDateTime m_knownAt; ///< when the state of the devices was last known
    QTimer m_unknownTimer;
    std::chrono::milliseconds m_silenceLimit{15'000};
};

} // namespace breakwater::desktop

#pragma once

#include "core/device_model.hpp"
#include "core/live.hpp"

#include <QStringList>

#include <memory>

namespace breakwater::desktop {

/// Keeps the device model as the server has it: fetches the list, applies what happens live, fetches again
/// where something was missed, and asks again and again where the server tells nothing live.
class Fleet : public QObject {
    Q_OBJECT
public:
    Fleet(const Api& api, Live& live, QObject* parent = nullptr);

    [[nodiscard]] DeviceModel& model() { return m_model; }
    [[nodiscard]] bool isLoading() const { return m_loading != nullptr; }
    void setPollInterval(std::chrono::milliseconds interval) { m_poll.setInterval(interval); }
    /// While nothing is live: how long after the last answer nobody knows how devices do.
    void setLongestSilence(std::chrono::milliseconds silence) { m_longestSilence = silence; }

    void load();
    void clear();
    /// These devices are on screen. Where the server can't say of all devices at once when they were heard,
    /// it is asked about these.
    void look(const QStringList& ids);

Q_SIGNALS:
    void loaded();
    void failed(const QString& detail);

private:
    void apply(const QList<LiveEvent>& events);
    void loadHeard(const QString& cursor);
    void askVisible();
    void loadAnew();
    void learned();
    void showUnknown();

    Api m_api;
    Live& m_live;
    DeviceModel m_model;
    std::unique_ptr<QObject> m_loading;
    std::unique_ptr<QObject> m_calls = std::make_unique<QObject>(); ///< all of this sign-in
    QTimer m_poll;
    bool m_heardByDevice = false; ///< the server has no list of who was heard when
    QStringList m_visible;
    QTimer m_ask;
    int m_asked = 0;
    QDateTime m_known; ///< when it was told last how devices do
    QTimer m_knownBeat;
    std::chrono::milliseconds m_longestSilence{15'000};
};

} // namespace breakwater::desktop

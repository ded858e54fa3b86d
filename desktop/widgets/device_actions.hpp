#pragma once

#include "core/fleet.hpp"

#include <QAction>

namespace breakwater::desktop {

class ClipboardGuard;

/// The actions for the selected device. Each action asks for confirmation and reports its result.
class DeviceActions : public QObject {
    Q_OBJECT
public:
    DeviceActions(const Api& api, Fleet& fleet, ClipboardGuard& clipboard, QWidget* window);

    /// An empty id means no device.
    void setDevice(const QString& id);
    /// Updates the actions after the status or name of the device changed.
    void refresh();

    QAction rename;
    QAction rotate;
    QAction invalidate;
    QAction deactivate;
    QAction reactivate;
    QAction remove;

Q_SIGNALS:
    void succeeded(const QString& message);
    void failed(const QString& detail);

private:
    void askRename();
    void askRotate();
    void askInvalidate();
    void askDeactivate();
    void askReactivate();
    void askRemove();
    void change(const Device& device, const messages::UpdateDeviceRequest& changes, const QString& message);
    [[nodiscard]] const Device* device() const { return m_fleet.model().find(m_id); }

    Api m_api;
    Fleet& m_fleet;
    ClipboardGuard& m_clipboard;
    QWidget* m_window;
    QString m_id;
};

} // namespace breakwater::desktop

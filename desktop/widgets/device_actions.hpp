#pragma once

#include "core/fleet.hpp"

#include <QAction>

namespace breakwater::desktop {

class ClipboardGuard;

/// What can be done to the chosen device. Each asks first, and says what it did.
class DeviceActions : public QObject {
    Q_OBJECT
public:
    DeviceActions(const Api& api, Fleet& fleet, ClipboardGuard& clipboard, QWidget* window);

    /// An empty id: none.
    void choose(const QString& id);
    /// Its status or name is another now.
    void refresh();

    QAction rename;
    QAction rotate;
    QAction invalidate;
    QAction deactivate;
    QAction reactivate;
    QAction remove;

Q_SIGNALS:
    void did(const QString& what);
    void failed(const QString& detail);

private:
    void askRename();
    void askRotate();
    void askInvalidate();
    void askDeactivate();
    void askReactivate();
    void askRemove();
    void change(const Device& device, const QJsonObject& changes, const QString& done);
    [[nodiscard]] const Device* device() const { return m_fleet.model().find(m_id); }

    Api m_api;
    Fleet& m_fleet;
    ClipboardGuard& m_clipboard;
    QWidget* m_window;
    QString m_id;
};

} // namespace breakwater::desktop

#pragma once

#include "core/alerts.hpp"

#include <QWidget>

class QLabel;
class QPushButton;

namespace breakwater::desktop {

class NoticeBar;
class Table;

/// The alerts of the fleet, with actions to acknowledge and resolve them.
class AlertsPage : public QWidget {
    Q_OBJECT
public:
    AlertsPage(Alerts& alerts, NoticeBar& notices, QWidget* parent = nullptr);

Q_SIGNALS:
    /// The user wants to see the device of the selected alert.
    void deviceRequested(const QString& id);

private:
    [[nodiscard]] const Alert* selectedAlert() const;
    void update();

    Alerts& m_alerts;
    Table* m_table;
    QLabel* m_emptyLabel;
    QPushButton* m_acknowledge;
    QPushButton* m_resolve;
    QPushButton* m_device;
};

} // namespace breakwater::desktop

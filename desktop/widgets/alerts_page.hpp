#pragma once

#include "core/alerts.hpp"

#include <QWidget>

class QLabel;
class QPushButton;

namespace breakwater::desktop {

class NoticeBar;
class Table;

/// What is wrong with the fleet, as the server's rules see it: to acknowledge and to resolve.
class AlertsPage : public QWidget {
    Q_OBJECT
public:
    AlertsPage(Alerts& alerts, NoticeBar& notices, QWidget* parent = nullptr);

Q_SIGNALS:
    /// Of the alert that was chosen.
    void deviceWanted(const QString& id);

private:
    [[nodiscard]] const Alert* chosen() const;
    void update();

    Alerts& m_alerts;
    Table* m_table;
    QLabel* m_nothing;
    QPushButton* m_acknowledge;
    QPushButton* m_resolve;
    QPushButton* m_device;
};

} // namespace breakwater::desktop

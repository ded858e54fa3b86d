#pragma once

#include "core/device_model.hpp"

#include <QWidget>

class QLabel;

namespace breakwater::desktop {

class Badge;
class DeviceActions;

/// The name, state, details and actions of the selected device.
class DeviceHeader : public QWidget {
    Q_OBJECT
public:
    DeviceHeader(DeviceModel& devices, DeviceActions& actions, QWidget* parent = nullptr);

    void show(const Device& device);
    /// Shows who blocked the device, when and why. Hides this if the device isn't blocked or it is unknown.
    void showBlock(const Device& device);
    /// -1: unknown.
    void setTotal(qint64 total);

private:
    DeviceModel& m_devices;
    QLabel* m_name;
    Badge* m_status;
    Badge* m_simulated;
    QLabel* m_category;
    QLabel* m_lastReading;
    QLabel* m_created;
    QLabel* m_id;
    QLabel* m_total;
    QLabel* m_block;
};

} // namespace breakwater::desktop

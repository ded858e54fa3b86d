#pragma once

#include "core/device_model.hpp"

#include <QWidget>

class QLabel;

namespace breakwater::desktop {

class Badge;
class DeviceActions;

/// Who the chosen device is, how it does, and what can be done to it.
class DeviceHeader : public QWidget {
    Q_OBJECT
public:
    DeviceHeader(DeviceModel& devices, DeviceActions& actions, QWidget* parent = nullptr);

    void show(const Device& device);
    /// Who blocked it, when and why; nothing of one that isn't blocked, or as long as that isn't known.
    void showBlock(const Device& device);
    /// -1: not known.
    void setTotal(qint64 total);

private:
    DeviceModel& m_devices;
    QLabel* m_name;
    Badge* m_status;
    Badge* m_simulated;
    QLabel* m_category;
    QLabel* m_heard;
    QLabel* m_made;
    QLabel* m_id;
    QLabel* m_total;
    QLabel* m_block;
};

} // namespace breakwater::desktop

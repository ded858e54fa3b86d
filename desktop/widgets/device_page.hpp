#pragma once

#include "core/device_readings.hpp"
#include "core/event_log.hpp"
#include "core/fleet.hpp"

#include <QWidget>

#include <optional>

class QCheckBox;
class QLabel;
class QTabWidget;

namespace breakwater::desktop {

class ChartWidget;
class DeviceActions;
class DeviceHeader;
class FieldPicker;
class NoticeBar;
class RangeBar;
class Table;

/// The right column: the details, chart, readings and security events of the selected device.
class DevicePage : public QWidget {
    Q_OBJECT
public:
    DevicePage(const Api& api, Fleet& fleet, Live& live, DeviceActions& actions, NoticeBar& notices,
               QWidget* parent = nullptr);

    /// An empty id means no device.
    void setDevice(const QString& id);
    [[nodiscard]] QString device() const { return m_id; }
    void reload();
    void startExport();
    void setRange(const TimeRange& range);
    /// The fields in the chart; nullopt until the first readings are loaded.
    [[nodiscard]] std::optional<QStringList> drawnFields() const;
    /// Sets the fields to show, instead of the default fields, when `device` is selected next.
    void setDrawnFields(const QString& device, const std::optional<QStringList>& fields);
    [[nodiscard]] DeviceReadings& readings() { return m_readings; }
    [[nodiscard]] EventLog& events() { return m_events; }
    [[nodiscard]] FieldPicker& fields() { return *m_fields; }
    [[nodiscard]] RangeBar& range() { return *m_range; }
    [[nodiscard]] ChartWidget& chart() { return *m_chart; }

private:
    QWidget* tables();
    void showDevice();
    /// Shows who blocked the device and why.
    void showBlock(const Device& device);
    void updateFields();
    void showFirstReadings();
    void copyReading();
    void showEvents();

    Api m_api;
    Fleet& m_fleet;
    NoticeBar& m_notices;
    DeviceReadings m_readings;
    EventLog m_events;
    QString m_id;
    QString m_blockKey;           ///< device id and update time of the fetched block details
    bool m_fieldsPending = false; ///< the fields of this device are not selected yet
    QString m_requestedDevice;    ///< the device of `m_requestedFields`
    std::optional<QStringList> m_requestedFields;
    DeviceHeader* m_header;
    RangeBar* m_range;
    FieldPicker* m_fields;
    ChartWidget* m_chart;
    QTabWidget* m_tabs;
    QCheckBox* m_simulated = nullptr;
    Table* m_table;
    Table* m_eventTable;
    QTimer m_tickTimer;
};

/// Sets the column widths and colours of a table of security events.
void layOutEvents(Table& table);

} // namespace breakwater::desktop

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

/// The right column: the chosen device with its details, chart, readings and, for an administrator, its
/// security events.
class DevicePage : public QWidget {
    Q_OBJECT
public:
    DevicePage(const Api& api, Fleet& fleet, Live& live, DeviceActions& actions, NoticeBar& notices,
               QWidget* parent = nullptr);

    /// An empty id: none.
    void choose(const QString& id);
    [[nodiscard]] QString device() const { return m_id; }
    void reload();
    void startExport();
    void setRange(const TimeRange& range);
    /// The fields that are drawn; nothing where it isn't known yet what there is to draw.
    [[nodiscard]] std::optional<QStringList> drawn() const;
    /// What is drawn of that device once it is chosen, instead of its first fields.
    void draw(const QString& device, const std::optional<QStringList>& fields);
    [[nodiscard]] DeviceReadings& readings() { return m_readings; }
    [[nodiscard]] EventLog& events() { return m_events; }
    [[nodiscard]] FieldPicker& fields() { return *m_fields; }
    [[nodiscard]] RangeBar& range() { return *m_range; }
    [[nodiscard]] ChartWidget& chart() { return *m_chart; }

private:
    QWidget* tables();
    void showDevice();
    /// Who blocked it, and why.
    void showBlock(const Device& device);
    void offerFields();
    void firstLoaded();
    void copyReading();
    void showEvents();

    Api m_api;
    Fleet& m_fleet;
    NoticeBar& m_notices;
    DeviceReadings m_readings;
    EventLog m_events;
    QString m_id;
    QString m_blockOf;       ///< of which device, as of when, the block was asked for
    bool m_choosing = false; ///< no field was chosen for this device yet
    QString m_wantedOf;      ///< the device of which `m_wanted` is to be drawn
    std::optional<QStringList> m_wanted;
    DeviceHeader* m_header;
    RangeBar* m_range;
    FieldPicker* m_fields;
    ChartWidget* m_chart;
    QTabWidget* m_tabs;
    QCheckBox* m_simulated = nullptr;
    Table* m_table;
    Table* m_eventTable;
    QTimer m_beat;
};

/// The security log's columns at widths that fit them.
void layOutEvents(Table& table);

} // namespace breakwater::desktop

#include "widgets/device_page.hpp"

#include "core/export.hpp"
#include "core/payload_fields.hpp"
#include "widgets/chart_widget.hpp"
#include "widgets/device_actions.hpp"
#include "widgets/device_header.hpp"
#include "widgets/export_dialog.hpp"
#include "widgets/field_picker.hpp"
#include "widgets/labels.hpp"
#include "widgets/notice_bar.hpp"
#include "widgets/range_bar.hpp"
#include "widgets/table.hpp"

#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QJsonDocument>
#include <QSet>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

/// The number of fields that the chart shows until the user selects others.
constexpr int defaultFieldCount = 3;

/// The fields that a chart can show. Fields in "metrics" come first, temperatures before other metrics.
QStringList chartableFields(const QList<Reading>& readings) {
    QStringList metrics;
    QStringList others;
    QSet<QString> names;
    for (const Reading& reading : readings.first(std::min<qsizetype>(readings.size(), 20)))
        for (const auto& [name, value] : fieldsOf(reading.payload)) {
            QStringList& list = name.startsWith("metrics."_L1) ? metrics : others;
            if (!std::isnan(chartValue(value)) && !names.contains(name)) {
                names.insert(name);
                list << name;
            }
        }
    std::stable_partition(metrics.begin(), metrics.end(),
                          [](const QString& name) { return name.contains("temperature"_L1); });
    return metrics + others;
}

} // namespace

DevicePage::DevicePage(const Api& api, Fleet& fleet, Live& live, DeviceActions& actions, NoticeBar& notices,
                       QWidget* parent)
    : QWidget{parent},
      m_api{api},
      m_fleet{fleet},
      m_notices{notices},
      m_readings{api, live},
      m_events{api, live},
      m_header{new DeviceHeader{fleet.model(), actions}},
      m_range{new RangeBar},
      m_fields{new FieldPicker},
      m_chart{new ChartWidget{m_readings.chart()}},
      m_tabs{new QTabWidget},
      m_table{new Table{tr("Readings")}},
      m_eventTable{new Table{tr("Security events of the device")}} {
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins({});
    layout->addWidget(m_header);
    layout->addWidget(m_range);
    layout->addWidget(m_fields);
    auto* splitter = new QSplitter{Qt::Vertical};
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(m_chart);
    splitter->addWidget(tables());
    splitter->setStretchFactor(0, 5);
    splitter->setStretchFactor(1, 4);
    layout->addWidget(splitter, 1);
    m_range->setRange(m_readings.range());

    connect(m_range, &RangeBar::rangeChosen, &m_readings, &DeviceReadings::setRange);
    connect(m_chart, &ChartWidget::rangeDragged, this,
            [this](const QDateTime& since, const QDateTime& until) {
                setRange({.lastSeconds = 0, .since = since, .until = until});
            });
    connect(m_fields, &FieldPicker::changed, &m_readings, &DeviceReadings::setFields);
    connect(&m_readings, &DeviceReadings::loaded, this, &DevicePage::showFirstReadings);
    connect(&m_readings.model(), &ReadingModel::fieldsChanged, this, &DevicePage::updateFields);
    connect(&m_readings, &DeviceReadings::totalChanged, this,
            [this] { m_header->setTotal(m_readings.total()); });
    connect(&m_readings, &DeviceReadings::failed, &m_notices, &NoticeBar::warn);
    connect(&m_events, &EventLog::failed, &m_notices, &NoticeBar::warn);
    connect(m_table, &Table::endNear, &m_readings, &DeviceReadings::loadMore);
    connect(&m_fleet.model(), &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex& topLeft, const QModelIndex& bottomRight) {
                const int row = m_fleet.model().rowOf(m_id);
                if (row >= topLeft.row() && row <= bottomRight.row())
                    showDevice();
            });
    m_tickTimer.setInterval(1000);
    connect(&m_tickTimer, &QTimer::timeout, this, &DevicePage::showDevice);
    m_tickTimer.start();
}

QWidget* DevicePage::tables() {
    m_table->setModel(&m_readings.model());
    m_table->horizontalHeader()->setMaximumSectionSize(640);
    m_table->horizontalHeader()->resizeSection(ReadingModel::ReceivedAt, 150);
    m_table->horizontalHeader()->resizeSection(ReadingModel::MeasuredAt, 150);
    m_table->cells().setTint([](const QModelIndex& index, const QPalette& palette) {
        return index.data(ReadingModel::SimulatedRole).toBool() ? color(Tone::Muted, palette) : QColor{};
    });
    auto* copyAction = new QAction{tr("Copy as JSON"), m_table};
    copyAction->setShortcut(QKeySequence::Copy);
    copyAction->setShortcutContext(Qt::WidgetShortcut);
    m_table->addAction(copyAction);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(copyAction, &QAction::triggered, this, &DevicePage::copyReading);
    m_eventTable->setModel(&m_events.model());
    layOutEvents(*m_eventTable);
    m_tabs->addTab(m_table, tr("Readings"));
    m_tabs->addTab(m_eventTable, tr("Security events"));
    m_tabs->setDocumentMode(true);
    auto* corner = new QWidget;
    auto* cornerLayout = new QHBoxLayout{corner};
    cornerLayout->setContentsMargins(0, 0, 0, 4);
    m_simulated = new QCheckBox{tr("Include simulated readings")};
    m_simulated->setObjectName(u"simulated"_s);
    m_simulated->setChecked(m_readings.includesSimulated());
    cornerLayout->addWidget(m_simulated);
    auto* exportButton = makeButton(tr("Export CSV…"));
    cornerLayout->addWidget(exportButton);
    m_tabs->setCornerWidget(corner);
    connect(m_simulated, &QCheckBox::toggled, &m_readings, &DeviceReadings::setIncludeSimulated);
    connect(exportButton, &QPushButton::clicked, this, &DevicePage::startExport);
    connect(m_tabs, &QTabWidget::currentChanged, this, &DevicePage::showEvents);
    return m_tabs;
}

void DevicePage::setDevice(const QString& id) {
    if (m_id == id)
        return;
    m_id = id;
    const Device* device = m_fleet.model().find(id);
    m_fieldsPending = true;
    m_fields->setFields({}, {});
    m_chart->setEmptyText(tr("Loading …"));
    // Hides simulated readings, unless the device is simulated.
    m_simulated->setChecked(device != nullptr && device->simulated);
    m_readings.setDevice(device == nullptr ? QString{} : id,
                         device == nullptr ? 0 : m_fleet.model().interval(*device));
    m_events.clear();
    showEvents();
    showDevice();
}

void DevicePage::showEvents() {
    if (m_tabs->currentIndex() == 1 && !m_id.isEmpty())
        m_events.setDevice(m_id);
    else
        m_events.clear();
}

void DevicePage::showDevice() {
    const Device* device = m_fleet.model().find(m_id);
    if (device == nullptr || !isVisible())
        return;
    m_header->show(*device);
    showBlock(*device);
}

void DevicePage::showBlock(const Device& device) {
    if (!device.isBlocked()) {
        m_blockKey.clear();
        return m_header->showBlock(device);
    }
    // Lists do not contain the block details. Fetches them once per device and change.
    const QString key = device.id + device.updatedAt.toString(Qt::ISODateWithMs);
    if (m_blockKey == key)
        return;
    m_blockKey = key;
    m_header->showBlock(device);
    m_api.device(device.id, this, [this, key](const Answer<Device>& details) {
        if (details && m_blockKey == key)
            m_header->showBlock(*details);
    });
}

void DevicePage::updateFields() {
    const QStringList fields = chartableFields(m_readings.model().readings());
    if (fields.isEmpty())
        return;
    const QHash<QString, QString>& labels = m_readings.model().labels();
    m_fields->setFields(fields, labels);
    m_chart->setLabels(labels);
}

void DevicePage::showFirstReadings() {
    updateFields();
    const bool isEmpty = m_readings.model().rowCount() == 0;
    m_chart->setEmptyText(isEmpty ? tr("No readings in this range.")
                                  : tr("Select a field above to show it in the chart."));
    if (!m_fieldsPending || isEmpty)
        return;
    m_fieldsPending = false;
    const QStringList fields = chartableFields(m_readings.model().readings());
    const std::optional<QStringList> requested = std::exchange(m_requestedFields, std::nullopt);
    m_fields->select(requested && m_requestedDevice == m_id
                         ? *requested
                         : fields.first(std::min<qsizetype>(defaultFieldCount, fields.size())));
}

std::optional<QStringList> DevicePage::drawnFields() const {
    return m_fieldsPending ? std::nullopt : std::optional{m_fields->selected()};
}

void DevicePage::setDrawnFields(const QString& device, const std::optional<QStringList>& fields) {
    m_requestedDevice = device;
    m_requestedFields = fields;
}

void DevicePage::reload() {
    m_readings.reload();
    showEvents();
}

void DevicePage::setRange(const TimeRange& range) {
    m_range->setRange(range);
    m_readings.setRange(range);
}

void DevicePage::startExport() {
    const Device* device = m_fleet.model().find(m_id);
    if (device == nullptr)
        return;
    QString name = device->name;
    name.replace(u'/', u'-');
    exportWithDialog(window(), name + u".csv"_s, [this, id = m_id](const QString& path) -> Export* {
        return new ReadingsExport{m_api,  path, id, m_readings.range(), m_readings.includesSimulated(),
                                  nullptr};
    });
}

void DevicePage::copyReading() {
    const QJsonObject payload = m_table->currentIndex().data(ReadingModel::PayloadRole).toJsonObject();
    if (!payload.isEmpty())
        QGuiApplication::clipboard()->setText(QString::fromUtf8(QJsonDocument{payload}.toJson()));
}

void layOutEvents(Table& table) {
    QHeaderView* header = table.horizontalHeader();
    const std::pair<int, int> widths[] = {{EventModel::Time, 150},   {EventModel::Event, 170},
                                          {EventModel::Status, 80},  {EventModel::Actor, 150},
                                          {EventModel::Target, 150}, {EventModel::Source, 120},
                                          {EventModel::Count, 60}};
    for (const auto& [column, width] : widths)
        header->resizeSection(column, width);
    header->setSectionResizeMode(EventModel::Detail, QHeaderView::Stretch);
    table.cells().setTint([](const QModelIndex& index, const QPalette& palette) {
        if (index.column() != EventModel::Status)
            return QColor{};
        const QString status = index.data().toString();
        return status == "success"_L1 ? color(Tone::Good, palette) : color(Tone::Bad, palette);
    });
}

} // namespace breakwater::desktop

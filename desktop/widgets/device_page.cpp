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

/// Drawn at first, where nobody chose.
constexpr int fieldsAtFirst = 3;

/// The fields of a reading that can be drawn; measurements before all else, and among them temperatures.
QStringList drawableFields(const QList<Reading>& readings) {
    QStringList measured;
    QStringList others;
    QSet<QString> known;
    for (const Reading& reading : readings.first(std::min<qsizetype>(readings.size(), 20)))
        for (const auto& [name, value] : fieldsOf(reading.payload)) {
            QStringList& into = name.startsWith("metrics."_L1) ? measured : others;
            if (!std::isnan(drawable(value)) && !known.contains(name)) {
                known.insert(name);
                into << name;
            }
        }
    std::stable_partition(measured.begin(), measured.end(),
                          [](const QString& name) { return name.contains("temperature"_L1); });
    return measured + others;
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
    connect(&m_readings, &DeviceReadings::loaded, this, &DevicePage::firstLoaded);
    connect(&m_readings.model(), &ReadingModel::fieldsChanged, this, &DevicePage::offerFields);
    connect(&m_readings, &DeviceReadings::totalChanged, this,
            [this] { m_header->setTotal(m_readings.total()); });
    connect(&m_readings, &DeviceReadings::failed, &m_notices, &NoticeBar::warn);
    connect(&m_events, &EventLog::failed, &m_notices, &NoticeBar::warn);
    connect(m_table, &Table::endNear, &m_readings, &DeviceReadings::loadMore);
    connect(&m_fleet.model(), &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex& from, const QModelIndex& to) {
                const int row = m_fleet.model().rowOf(m_id);
                if (row >= from.row() && row <= to.row())
                    showDevice();
            });
    m_beat.setInterval(1000);
    connect(&m_beat, &QTimer::timeout, this, &DevicePage::showDevice);
    m_beat.start();
}

QWidget* DevicePage::tables() {
    m_table->setModel(&m_readings.model());
    m_table->horizontalHeader()->setMaximumSectionSize(640);
    m_table->horizontalHeader()->resizeSection(ReadingModel::ReceivedAt, 150);
    m_table->horizontalHeader()->resizeSection(ReadingModel::MeasuredAt, 150);
    m_table->cells().setTint([](const QModelIndex& index, const QPalette& palette) {
        return index.data(ReadingModel::SimulatedRole).toBool() ? color(Tone::Muted, palette) : QColor{};
    });
    auto* copy = new QAction{tr("Copy as JSON"), m_table};
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    m_table->addAction(copy);
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(copy, &QAction::triggered, this, &DevicePage::copyReading);
    m_eventTable->setModel(&m_events.model());
    layOutEvents(*m_eventTable);
    m_tabs->addTab(m_table, tr("Readings"));
    m_tabs->addTab(m_eventTable, tr("Security events"));
    m_tabs->setDocumentMode(true);
    auto* corner = new QWidget;
    auto* side = new QHBoxLayout{corner};
    side->setContentsMargins(0, 0, 0, 4);
    m_simulated = new QCheckBox{tr("With simulated ones")};
    m_simulated->setObjectName(u"simulated"_s);
    m_simulated->setChecked(m_readings.includesSimulated());
    side->addWidget(m_simulated);
    auto* save = makeButton(tr("Export CSV…"));
    side->addWidget(save);
    m_tabs->setCornerWidget(corner);
    connect(m_simulated, &QCheckBox::toggled, &m_readings, &DeviceReadings::setIncludeSimulated);
    connect(save, &QPushButton::clicked, this, &DevicePage::startExport);
    connect(m_tabs, &QTabWidget::currentChanged, this, &DevicePage::showEvents);
    return m_tabs;
}

void DevicePage::choose(const QString& id) {
    if (m_id == id)
        return;
    m_id = id;
    const Device* device = m_fleet.model().find(id);
    m_choosing = true;
    m_fields->offer({}, {});
    m_chart->setEmptyText(tr("Loading …"));
    // What was made up is out of sight, unless there is nothing else.
    m_simulated->setChecked(device != nullptr && device->simulated);
    m_readings.choose(device == nullptr ? QString{} : id,
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
        m_blockOf.clear();
        return m_header->showBlock(device);
    }
    // Once a device and change: lists don't say who blocked it.
    const QString asked = device.id + device.updatedAt.toString(Qt::ISODateWithMs);
    if (m_blockOf == asked)
        return;
    m_blockOf = asked;
    m_header->showBlock(device);
    m_api.device(device.id, this, [this, asked](const Answer<Device>& detail) {
        if (detail && m_blockOf == asked)
            m_header->showBlock(*detail);
    });
}

void DevicePage::offerFields() {
    const QStringList fields = drawableFields(m_readings.model().readings());
    if (fields.isEmpty())
        return;
    const QHash<QString, QString>& labels = m_readings.model().labels();
    m_fields->offer(fields, labels);
    m_chart->setLabels(labels);
}

void DevicePage::firstLoaded() {
    offerFields();
    const bool nothing = m_readings.model().rowCount() == 0;
    m_chart->setEmptyText(nothing ? tr("No readings in this range.")
                                  : tr("Choose a field above to have it drawn."));
    if (!m_choosing || nothing)
        return;
    m_choosing = false;
    const QStringList fields = drawableFields(m_readings.model().readings());
    const std::optional<QStringList> wanted = std::exchange(m_wanted, std::nullopt);
    m_fields->choose(wanted && m_wantedOf == m_id
                         ? *wanted
                         : fields.first(std::min<qsizetype>(fieldsAtFirst, fields.size())));
}

std::optional<QStringList> DevicePage::drawn() const {
    return m_choosing ? std::nullopt : std::optional{m_fields->chosen()};
}

void DevicePage::draw(const QString& device, const std::optional<QStringList>& fields) {
    m_wantedOf = device;
    m_wanted = fields;
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

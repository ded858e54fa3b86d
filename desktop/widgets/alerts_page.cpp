#include "widgets/alerts_page.hpp"

#include "widgets/labels.hpp"
#include "widgets/notice_bar.hpp"
#include "widgets/table.hpp"

#include <QHeaderView>
#include <QItemSelectionModel>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

AlertsPage::AlertsPage(Alerts& alerts, NoticeBar& notices, QWidget* parent)
    : QWidget{parent},
      m_alerts{alerts},
      m_table{new Table{tr("Alerts")}},
      m_emptyLabel{mutedLabel(tr("No open alerts."))},
      m_acknowledge{makeButton(tr("Acknowledge"))},
      m_resolve{makeButton(tr("Resolve"))},
      m_device{makeButton(tr("Show device"))} {
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins({});
    auto* head = new QHBoxLayout;
    head->addWidget(titleLabel(tr("Alerts"), 1.4));
    head->addWidget(m_emptyLabel);
    head->addStretch(1);
    head->addWidget(m_device);
    head->addWidget(m_acknowledge);
    head->addWidget(m_resolve);
    layout->addLayout(head);
    m_table->setModel(&m_alerts.model());
    QHeaderView* header = m_table->horizontalHeader();
    header->resizeSection(AlertModel::Severity, 110);
    header->setSectionResizeMode(AlertModel::Summary, QHeaderView::Stretch);
    header->resizeSection(AlertModel::DeviceName, 180);
    header->resizeSection(AlertModel::State, 190);
    header->resizeSection(AlertModel::RaisedAt, 150);
    header->resizeSection(AlertModel::Count, 60);
    m_table->cells().setTint([](const QModelIndex& index, const QPalette& palette) {
        if (index.column() != AlertModel::Severity)
            return QColor{};
        const QString severity = index.data(AlertModel::SeverityRole).toString();
        return severity == "critical"_L1  ? color(Tone::Bad, palette)
               : severity == "warning"_L1 ? color(Tone::Warn, palette)
                                          : color(Tone::Accent, palette);
    });
    layout->addWidget(m_table, 1);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &AlertsPage::update);
    connect(&m_alerts, &Alerts::changed, this, &AlertsPage::update);
    connect(&m_alerts, &Alerts::failed, &notices, &NoticeBar::warn);
    connect(m_acknowledge, &QPushButton::clicked, this, [this] {
        if (const Alert* alert = selectedAlert())
            m_alerts.acknowledge(alert->id);
    });
    connect(m_resolve, &QPushButton::clicked, this, [this] {
        if (const Alert* alert = selectedAlert())
            m_alerts.resolve(alert->id);
    });
    connect(m_device, &QPushButton::clicked, this, [this] {
        if (const Alert* alert = selectedAlert())
            Q_EMIT deviceRequested(alert->deviceId);
    });
    update();
}

const Alert* AlertsPage::selectedAlert() const {
    const QModelIndex index = m_table->currentIndex();
    return index.isValid() ? &m_alerts.model().rows()[index.row()] : nullptr;
}

void AlertsPage::update() {
    const Alert* alert = selectedAlert();
    m_acknowledge->setEnabled(alert != nullptr && alert->state == "open"_L1);
    m_resolve->setEnabled(alert != nullptr && alert->state != "resolved"_L1);
    m_device->setEnabled(alert != nullptr && !alert->deviceId.isEmpty());
    m_emptyLabel->setVisible(m_alerts.model().rowCount() == 0);
}

} // namespace breakwater::desktop

#include "widgets/device_header.hpp"

#include "widgets/device_actions.hpp"
#include "widgets/device_tree.hpp"
#include "widgets/flow_layout.hpp"
#include "widgets/format.hpp"
#include "widgets/labels.hpp"

#include <QGridLayout>
#include <QLocale>
#include <QVBoxLayout>

namespace breakwater::desktop {

namespace {

/// A button that mirrors and triggers an action.
QPushButton* buttonFor(QAction& action, const char* kind) {
    auto* button = makeButton(action.text(), kind);
    const auto update = [button, &action] {
        button->setText(action.text());
        button->setEnabled(action.isEnabled());
        button->setVisible(action.isVisible());
        button->setToolTip(action.toolTip());
    };
    update();
    QObject::connect(&action, &QAction::changed, button, update);
    QObject::connect(button, &QPushButton::clicked, &action, &QAction::trigger);
    return button;
}

} // namespace

DeviceHeader::DeviceHeader(DeviceModel& devices, DeviceActions& actions, QWidget* parent)
    : QWidget{parent},
      m_devices{devices},
      m_name{titleLabel({}, 1.5)},
      m_status{new Badge},
      m_simulated{new Badge},
      m_category{plainLabel()},
      m_lastReading{plainLabel()},
      m_created{plainLabel()},
      m_id{plainLabel()},
      m_total{plainLabel()},
      m_block{plainLabel()} {
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins({});
    auto* titleRow = new QHBoxLayout;
    m_name->setObjectName(QStringLiteral("deviceName"));
    m_name->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    titleRow->addWidget(m_name, 1);
    titleRow->addWidget(m_simulated, 0, Qt::AlignVCenter);
    titleRow->addWidget(m_status, 0, Qt::AlignVCenter);
    layout->addLayout(titleRow);
    m_block->setObjectName(QStringLiteral("block"));
    m_block->setWordWrap(true);
    m_block->hide();
    layout->addWidget(m_block);

    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(2);
    const auto cell = [&](int column, const QString& name, QLabel* value) {
        grid->addWidget(mutedLabel(name), 0, column);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        grid->addWidget(value, 1, column);
    };
    m_id->setFont(monospaceFont());
    cell(0, tr("Category"), m_category);
    cell(1, tr("Last reading"), m_lastReading);
    cell(2, tr("Readings in range"), m_total);
    cell(3, tr("Created"), m_created);
    cell(4, tr("Id"), m_id);
    grid->setColumnStretch(5, 1);
    layout->addLayout(grid);

    auto* buttons = new QWidget;
    auto* flow = new FlowLayout{buttons};
    flow->addWidget(buttonFor(actions.rename, ""));
    flow->addWidget(buttonFor(actions.rotate, ""));
    flow->addWidget(buttonFor(actions.invalidate, ""));
    flow->addWidget(buttonFor(actions.deactivate, ""));
    flow->addWidget(buttonFor(actions.reactivate, "primary"));
    flow->addWidget(buttonFor(actions.remove, "danger"));
    layout->addWidget(buttons);
}

void DeviceHeader::show(const Device& device) {
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const Freshness freshness = m_devices.freshness(device, now);
    const Category* category = m_devices.category(device.category);
    m_name->setText(device.name);
    m_name->setToolTip(plainToolTip(device.name));
    m_status->setStatus(freshness == Freshness::Unknown ? unknownSince(m_devices.unknownSince())
                                                        : freshnessName(freshness),
                        toneOf(freshness));
    m_simulated->setStatus(tr("Simulated"), Tone::Muted);
    m_simulated->setToolTip(
        plainToolTip(tr("The server simulates the readings until the device signs in for the first time.")));
    m_simulated->setVisible(device.simulated);
    m_category->setText(category == nullptr ? device.category : category->name);
    m_lastReading->setText(ago(device.lastReadingAt, now));
    m_lastReading->setToolTip(localTime(device.lastReadingAt));
    m_created->setText(localTime(device.createdAt));
    m_id->setText(device.id);
}

void DeviceHeader::showBlock(const Device& device) {
    m_block->setVisible(device.isBlocked() && !device.blockedBy.isEmpty());
    QString text = tr("Blocked by %1 on %2.").arg(device.blockedBy, localTime(device.blockedAt));
    if (!device.blockedReason.isEmpty())
        text += u' ' + tr("Reason: %1").arg(device.blockedReason);
    if (!device.mayRelease)
        text += u' ' + tr("Only an administrator can reactivate it.");
    m_block->setText(text);
}

void DeviceHeader::setTotal(qint64 total) {
    m_total->setText(total < 0 ? QStringLiteral("…") : QLocale{}.toString(total));
}

} // namespace breakwater::desktop

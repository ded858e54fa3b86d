#include "widgets/security_page.hpp"

#include "core/export.hpp"
#include "widgets/device_page.hpp"
#include "widgets/export_dialog.hpp"
#include "widgets/labels.hpp"
#include "widgets/notice_bar.hpp"
#include "widgets/table.hpp"

#include <QComboBox>
#include <QLineEdit>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

/// The event types of the API contract. The combo box is editable, so that users can enter other types.
const QStringList& knownTypes() {
    static const QStringList types{u"register"_s,
                                   u"login"_s,
                                   u"refresh"_s,
                                   u"logout"_s,
                                   u"device_create"_s,
                                   u"device_update"_s,
                                   u"device_block"_s,
                                   u"device_delete"_s,
                                   u"device_secret_rotate"_s,
                                   u"device_token_invalidate"_s,
                                   u"device_auth"_s,
                                   u"reading_accept"_s,
                                   u"reading_reject"_s,
                                   u"reading_rate_limit"_s,
                                   u"user_create"_s,
                                   u"user_update"_s,
                                   u"user_delete"_s,
                                   u"jwt_invalid"_s,
                                   u"missing_authorization"_s,
                                   u"device_forbidden"_s,
                                   u"admin_forbidden"_s,
                                   u"login_throttled"_s,
                                   u"refresh_reuse"_s};
    return types;
}

} // namespace

SecurityPage::SecurityPage(const Api& api, Live& live, NoticeBar& notices, QWidget* parent)
    : QWidget{parent},
      m_api{api},
      m_log{api, live},
      m_type{new QComboBox},
      m_status{new QComboBox},
      m_actor{new QComboBox},
      m_range{new QComboBox},
      m_table{new Table{tr("Security log")}} {
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins({});
    auto* head = new QHBoxLayout;
    head->addWidget(titleLabel(tr("Security log"), 1.4), 1);
    auto* exportButton = makeButton(tr("Export CSV…"));
    head->addWidget(exportButton);
    layout->addLayout(head);

    auto* filters = new QHBoxLayout;
    m_type->setEditable(true);
    m_type->setInsertPolicy(QComboBox::NoInsert);
    m_type->addItem(QString{});
    m_type->addItems(knownTypes());
    m_type->lineEdit()->setPlaceholderText(tr("All events"));
    m_type->setObjectName(u"eventType"_s);
    m_status->setObjectName(u"eventStatus"_s);
    m_type->setAccessibleName(tr("Event"));
    m_status->setAccessibleName(tr("Result"));
    m_actor->setAccessibleName(tr("Actor"));
    m_range->setAccessibleName(tr("Range"));
    m_status->addItem(tr("All results"));
    for (const QString& status : {u"success"_s, u"denied"_s, u"error"_s})
        m_status->addItem(status, status);
    m_actor->addItem(tr("All actors"));
    m_actor->addItem(tr("Users"), u"user"_s);
    m_actor->addItem(tr("Devices"), u"device"_s);
    m_actor->addItem(tr("The system"), u"system"_s);
    m_actor->addItem(tr("Unknown"), u"anonymous"_s);
    m_range->addItem(tr("Any time"), 0);
    m_range->addItem(tr("Last hour"), 3600);
    m_range->addItem(tr("Last 24 hours"), 86'400);
    m_range->addItem(tr("Last 7 days"), 604'800);
    for (QComboBox* box : {m_type, m_status, m_actor, m_range}) {
        filters->addWidget(box, box == m_type ? 2 : 1);
        connect(box, &QComboBox::currentIndexChanged, this, &SecurityPage::filter);
    }
    connect(m_type->lineEdit(), &QLineEdit::editingFinished, this, &SecurityPage::filter);
    layout->addLayout(filters);
    m_table->setModel(&m_log.model());
    layOutEvents(*m_table);
    layout->addWidget(m_table, 1);
    connect(exportButton, &QPushButton::clicked, this, &SecurityPage::startExport);
    connect(&m_log, &EventLog::failed, &notices, &NoticeBar::warn);
    connect(m_table, &Table::endNear, &m_log, &EventLog::loadMore);
}

void SecurityPage::load() {
    filter();
}

void SecurityPage::filter() {
    EventFilter filter;
    filter.eventType = m_type->currentText().trimmed();
    filter.status = m_status->currentData().toString();
    filter.actorType = m_actor->currentData().toString();
    filter.range = TimeRange::last(m_range->currentData().toLongLong());
    m_log.setFilter(filter);
}

void SecurityPage::startExport() {
    exportWithDialog(window(), u"security-events.csv"_s, [this](const QString& path) -> Export* {
        return new EventsExport{m_api, path, m_log.filter(), nullptr};
    });
}

} // namespace breakwater::desktop

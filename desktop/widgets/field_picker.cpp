#include "widgets/field_picker.hpp"

#include "core/search.hpp"
#include "widgets/flow_layout.hpp"
#include "widgets/labels.hpp"

#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

constexpr int widestLabel = 220; ///< pixels; a name of a device's own may have hundreds of characters
constexpr int fieldRole = Qt::UserRole;

} // namespace

FieldPicker::FieldPicker(QWidget* parent) : QWidget{parent} {
    new FlowLayout{this};
    setAccessibleName(tr("Fields of the chart"));
}

void FieldPicker::offer(const QStringList& fields, const QHash<QString, QString>& labels) {
    if (fields == m_fields && labels == m_labels)
        return;
    m_fields = fields;
    m_labels = labels;
    setChosen(m_chosen);
    showButtons();
}

void FieldPicker::setChosen(const QStringList& fields) {
    m_chosen.clear();
    for (const QString& each : std::as_const(m_fields))
        if (m_chosen.size() < most && fields.contains(each))
            m_chosen << each;
}

void FieldPicker::choose(const QStringList& fields) {
    setChosen(fields);
    showButtons();
    Q_EMIT changed(m_chosen);
}

void FieldPicker::set(const QString& field, bool on) {
    if (m_chosen.contains(field) == on)
        return;
    setChosen(on ? m_chosen + QStringList{field} : [&] {
        QStringList rest = m_chosen;
        rest.removeAll(field);
        return rest;
    }());
    limit();
    Q_EMIT changed(m_chosen);
}

void FieldPicker::showButtons() {
    // One of them may be what called.
    for (QPushButton* each : std::as_const(m_buttons)) {
        each->hide();
        layout()->removeWidget(each);
        each->deleteLater();
    }
    m_buttons.clear();
    if (m_more != nullptr) {
        m_more->hide();
        layout()->removeWidget(m_more);
        m_more->deleteLater();
        m_more = nullptr;
    }
    const bool many = m_fields.size() > mostButtons;
    QStringList shown = m_fields;
    if (many) {
        const qsizetype first = mostButtons - m_chosen.size();
        qsizetype others = 0;
        shown.removeIf([&](const QString& each) { return !m_chosen.contains(each) && ++others > first; });
    }
    for (const QString& field : std::as_const(shown)) {
        QPushButton* button = makeButton({});
        button->setText(fontMetrics().elidedText(labelOf(field), Qt::ElideMiddle, widestLabel));
        button->setCheckable(true);
        button->setChecked(m_chosen.contains(field));
        button->setToolTip(plainToolTip(field));
        layout()->addWidget(button);
        m_buttons.insert(field, button);
        connect(button, &QPushButton::toggled, this, [this, field](bool on) { set(field, on); });
    }
    if (many) {
        m_more = makeButton(tr("All %n fields…", nullptr, static_cast<int>(m_fields.size())), "plain");
        m_more->setObjectName(u"allFields"_s);
        layout()->addWidget(m_more);
        connect(m_more, &QPushButton::clicked, this, &FieldPicker::openList);
    }
    limit();
}

void FieldPicker::limit() {
    const bool full = m_chosen.size() >= most;
    for (auto each = m_buttons.cbegin(); each != m_buttons.cend(); ++each)
        (*each)->setEnabled(!full || m_chosen.contains(each.key()));
}

void FieldPicker::openList() {
    if (m_more == nullptr || m_list != nullptr)
        return;
    auto* popup = new QWidget{this, Qt::Popup};
    popup->setAttribute(Qt::WA_DeleteOnClose);
    auto* layout = new QVBoxLayout{popup};
    auto* search = new QLineEdit;
    search->setObjectName(u"fieldSearch"_s);
    search->setPlaceholderText(tr("Search the fields"));
    search->setClearButtonEnabled(true);
    layout->addWidget(search);
    m_list = new QListWidget;
    m_list->setObjectName(u"fieldList"_s);
    m_list->setAccessibleName(accessibleName());
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setUniformItemSizes(true);
    layout->addWidget(m_list);
    layout->addWidget(mutedLabel(tr("%n at most are drawn.", nullptr, most)));
    popup->resize(360, 380);
    popup->move(m_more->mapToGlobal(QPoint{0, m_more->height()}));
    fillList({});
    connect(search, &QLineEdit::textChanged, this, &FieldPicker::fillList);
    connect(m_list, &QListWidget::itemChanged, this, [this](QListWidgetItem* item) {
        set(item->data(fieldRole).toString(), item->checkState() == Qt::Checked);
        const QSignalBlocker quiet{m_list};
        item->setCheckState(m_chosen.contains(item->data(fieldRole).toString()) ? Qt::Checked
                                                                                : Qt::Unchecked);
    });
    connect(popup, &QObject::destroyed, this, &FieldPicker::showButtons);
    popup->show();
    search->setFocus();
}

void FieldPicker::fillList(const QString& search) {
    if (m_list == nullptr)
        return;
    const QSignalBlocker quiet{m_list};
    m_list->clear();
    for (const QString& field : std::as_const(m_fields)) {
        const QString label = labelOf(field);
        if (!hasText(label + u' ' + field, search))
            continue;
        auto* item = new QListWidgetItem{label, m_list};
        item->setData(fieldRole, field);
        item->setToolTip(plainToolTip(field));
        item->setCheckState(m_chosen.contains(field) ? Qt::Checked : Qt::Unchecked);
    }
}

} // namespace breakwater::desktop

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

constexpr int maxLabelWidth = 220; ///< pixels; field names may have hundreds of characters
constexpr int fieldRole = Qt::UserRole;

} // namespace

FieldPicker::FieldPicker(QWidget* parent) : QWidget{parent} {
    new FlowLayout{this};
    setAccessibleName(tr("Chart fields"));
}

void FieldPicker::setFields(const QStringList& fields, const QHash<QString, QString>& labels) {
    if (fields == m_fields && labels == m_labels)
        return;
    m_fields = fields;
    m_labels = labels;
    setSelection(m_selected);
    showButtons();
}

void FieldPicker::setSelection(const QStringList& fields) {
    m_selected.clear();
    for (const QString& field : std::as_const(m_fields))
        if (m_selected.size() < maxSelected && fields.contains(field))
            m_selected << field;
}

void FieldPicker::select(const QStringList& fields) {
    setSelection(fields);
    showButtons();
    Q_EMIT changed(m_selected);
}

void FieldPicker::setSelected(const QString& field, bool on) {
    if (m_selected.contains(field) == on)
        return;
    setSelection(on ? m_selected + QStringList{field} : [&] {
        QStringList remaining = m_selected;
        remaining.removeAll(field);
        return remaining;
    }());
    updateEnabled();
    Q_EMIT changed(m_selected);
}

void FieldPicker::showButtons() {
    // The call may come from one of these buttons, so it must not be deleted here.
    for (QPushButton* button : std::as_const(m_buttons)) {
        button->hide();
        layout()->removeWidget(button);
        button->deleteLater();
    }
    m_buttons.clear();
    if (m_more != nullptr) {
        m_more->hide();
        layout()->removeWidget(m_more);
        m_more->deleteLater();
        m_more = nullptr;
    }
    const bool hasList = m_fields.size() > maxButtons;
    QStringList shown = m_fields;
    if (hasList) {
        const qsizetype maxUnselected = maxButtons - m_selected.size();
        qsizetype unselected = 0;
        shown.removeIf([&](const QString& field) {
            return !m_selected.contains(field) && ++unselected > maxUnselected;
        });
    }
    for (const QString& field : std::as_const(shown)) {
        QPushButton* button = makeButton({});
        button->setText(fontMetrics().elidedText(labelOf(field), Qt::ElideMiddle, maxLabelWidth));
        button->setCheckable(true);
        button->setChecked(m_selected.contains(field));
        button->setToolTip(plainToolTip(field));
        layout()->addWidget(button);
        m_buttons.insert(field, button);
        connect(button, &QPushButton::toggled, this, [this, field](bool on) { setSelected(field, on); });
    }
    if (hasList) {
        m_more = makeButton(tr("All %n field(s)…", nullptr, static_cast<int>(m_fields.size())), "plain");
        m_more->setObjectName(u"allFields"_s);
        layout()->addWidget(m_more);
        connect(m_more, &QPushButton::clicked, this, &FieldPicker::openList);
    }
    updateEnabled();
}

void FieldPicker::updateEnabled() {
    const bool isFull = m_selected.size() >= maxSelected;
    for (auto entry = m_buttons.cbegin(); entry != m_buttons.cend(); ++entry)
        (*entry)->setEnabled(!isFull || m_selected.contains(entry.key()));
}

void FieldPicker::openList() {
    if (m_more == nullptr || m_list != nullptr)
        return;
    auto* popup = new QWidget{this, Qt::Popup};
    popup->setAttribute(Qt::WA_DeleteOnClose);
    auto* layout = new QVBoxLayout{popup};
    auto* search = new QLineEdit;
    search->setObjectName(u"fieldSearch"_s);
    search->setPlaceholderText(tr("Search fields"));
    search->setClearButtonEnabled(true);
    layout->addWidget(search);
    m_list = new QListWidget;
    m_list->setObjectName(u"fieldList"_s);
    m_list->setAccessibleName(accessibleName());
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setUniformItemSizes(true);
    layout->addWidget(m_list);
    layout->addWidget(mutedLabel(tr("The chart shows up to %n field(s).", nullptr, maxSelected)));
    popup->resize(360, 380);
    popup->move(m_more->mapToGlobal(QPoint{0, m_more->height()}));
    fillList({});
    connect(search, &QLineEdit::textChanged, this, &FieldPicker::fillList);
    connect(m_list, &QListWidget::itemChanged, this, [this](QListWidgetItem* item) {
        setSelected(item->data(fieldRole).toString(), item->checkState() == Qt::Checked);
        const QSignalBlocker blocker{m_list};
        item->setCheckState(m_selected.contains(item->data(fieldRole).toString()) ? Qt::Checked
                                                                                  : Qt::Unchecked);
    });
    connect(popup, &QObject::destroyed, this, &FieldPicker::showButtons);
    popup->show();
    search->setFocus();
}

void FieldPicker::fillList(const QString& search) {
    if (m_list == nullptr)
        return;
    const QSignalBlocker blocker{m_list};
    m_list->clear();
    for (const QString& field : std::as_const(m_fields)) {
        const QString label = labelOf(field);
        if (!containsText(label + u' ' + field, search))
            continue;
        auto* item = new QListWidgetItem{label, m_list};
        item->setData(fieldRole, field);
        item->setToolTip(plainToolTip(field));
        item->setCheckState(m_selected.contains(field) ? Qt::Checked : Qt::Unchecked);
    }
}

} // namespace breakwater::desktop

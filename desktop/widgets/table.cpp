#include "widgets/table.hpp"

#include "widgets/format.hpp"

#include <QHeaderView>
#include <QScrollBar>

namespace breakwater::desktop {

namespace {

constexpr int tableRowHeight = 28;

} // namespace

QString TableDelegate::displayText(const QVariant& value, const QLocale& locale) const {
    if (value.typeId() == QMetaType::QDateTime)
        return localTime(value.toDateTime());
    return QStyledItemDelegate::displayText(value, locale);
}

void TableDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const {
    QStyledItemDelegate::initStyleOption(option, index);
    option->state &= ~QStyle::State_HasFocus;
    if (!m_tint)
        return;
    if (const QColor tint = m_tint(index, option->palette); tint.isValid())
        option->palette.setColor(QPalette::Text, tint);
}

Table::Table(const QString& name, QWidget* parent) : QTableView{parent}, m_cells{new TableDelegate{this}} {
    setAccessibleName(name);
    setItemDelegate(m_cells);
    setShowGrid(false);
    setAlternatingRowColors(true);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(tableRowHeight);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setDefaultSectionSize(120);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &Table::checkEndNear);
    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, &Table::checkEndNear);
}

void Table::showEvent(QShowEvent* event) {
    QTableView::showEvent(event);
    checkEndNear();
}

void Table::checkEndNear() {
    if (isVisible() && verticalScrollBar()->value() > verticalScrollBar()->maximum() - 10 * tableRowHeight)
        Q_EMIT endNear();
}

} // namespace breakwater::desktop

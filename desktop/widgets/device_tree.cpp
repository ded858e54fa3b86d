#include "widgets/device_tree.hpp"

#include "widgets/format.hpp"

#include <QHeaderView>
#include <QPainter>

namespace breakwater::desktop {

namespace {

constexpr int rowHeight = 32;
constexpr int padding = 10;
constexpr int dotSpace = 18;

} // namespace

Tone toneOf(Freshness freshness) {
    switch (freshness) {
    case Freshness::Fresh: return Tone::Good;
    case Freshness::Late: return Tone::Warn;
    case Freshness::Silent: return Tone::Bad;
    case Freshness::Never:
    case Freshness::Unknown:
    case Freshness::Blocked: return Tone::Muted;
    }
    return Tone::Muted;
}

QSize DeviceDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
    return {120, rowHeight};
}

void DeviceDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const {
    const QPalette& palette = option.palette;
    const bool selected = option.state & QStyle::State_Selected;
    const auto freshness = index.data(DeviceModel::FreshnessRole).value<Freshness>();
    if (selected)
        painter->fillRect(option.rect, palette.color(QPalette::Highlight));
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, color(Tone::Faint, palette));
    QRect textRect = option.rect.adjusted(padding, 0, -padding, 0);
    const QColor textColor = palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
    const QColor mutedColor = selected ? textColor : color(Tone::Muted, palette);

    if (index.column() == DeviceModel::Name) {
        painter->setRenderHint(QPainter::Antialiasing);
        const QPointF center{textRect.left() + 4.5, option.rect.center().y() + 0.5};
        const QColor dot = color(toneOf(freshness), palette);
        // These states have a ring, so that colour is not the only difference.
        const bool isHollow = freshness == Freshness::Blocked || freshness == Freshness::Never ||
                              freshness == Freshness::Unknown;
        painter->setPen(isHollow ? QPen{dot, 1.5} : QPen{Qt::NoPen});
        painter->setBrush(isHollow ? QBrush{Qt::NoBrush} : QBrush{dot});
        painter->drawEllipse(center, isHollow ? 3.5 : 4, isHollow ? 3.5 : 4);
        textRect.setLeft(textRect.left() + dotSpace);
        painter->setPen(freshness == Freshness::Blocked ? mutedColor : textColor);
        painter->drawText(
            textRect, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, textRect.width()));
        return;
    }
    QString text;
    QColor cellColor = mutedColor;
    if (index.column() == DeviceModel::LastReadingAt) {
        const bool showName =
            freshness == Freshness::Blocked || freshness == Freshness::Unknown ||
            (freshness == Freshness::Never && index.data(DeviceModel::NeverHeardRole).toBool());
        text = showName                        ? freshnessName(freshness)
               : freshness == Freshness::Never ? QStringLiteral("–")
                                               : ago(index.data(DeviceModel::LastReadingRole).toDateTime(),
                                                     QDateTime::currentDateTimeUtc());
        if (!selected && (freshness == Freshness::Silent || freshness == Freshness::Late))
            cellColor = color(toneOf(freshness), palette);
    } else {
        text = index.data().toString();
    }
    painter->setPen(cellColor);
    painter->drawText(textRect, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                      option.fontMetrics.elidedText(text, Qt::ElideRight, textRect.width()));
}

DeviceTree::DeviceTree(DeviceFilter& filter, QWidget* parent) : QTreeView{parent}, m_filter{filter} {
    setAccessibleName(tr("Devices"));
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setSortingEnabled(true);
    setItemDelegate(new DeviceDelegate{this});
    setVerticalScrollMode(ScrollPerPixel);
    setSelectionBehavior(SelectRows);
    setMouseTracking(true);
    setModel(&m_filter);
    sortByColumn(DeviceModel::Name, Qt::AscendingOrder);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(DeviceModel::Name, QHeaderView::Stretch);
    header()->setSectionResizeMode(DeviceModel::CategoryName, QHeaderView::Interactive);
    header()->setSectionResizeMode(DeviceModel::LastReadingAt, QHeaderView::Interactive);
    header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header()->resizeSection(DeviceModel::CategoryName, 140);
    header()->resizeSection(DeviceModel::LastReadingAt, 96);
}

QStringList DeviceTree::visibleIds() const {
    QStringList ids;
    for (QModelIndex row = indexAt({1, 1}); row.isValid() && visualRect(row).top() < viewport()->height();
         row = indexBelow(row))
        ids << row.data(DeviceModel::IdRole).toString();
    return ids;
}

QString DeviceTree::currentId() const {
    return currentIndex().data(DeviceModel::IdRole).toString();
}

void DeviceTree::select(const QString& id) {
    const auto* devices = qobject_cast<const DeviceModel*>(m_filter.sourceModel());
    const int row = devices->rowOf(id);
    const QModelIndex index = row < 0 ? QModelIndex{} : m_filter.mapFromSource(devices->index(row, 0));
    if (index.isValid()) {
        setCurrentIndex(index);
        scrollTo(index);
    }
}

void DeviceTree::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QTreeView::currentChanged(current, previous);
    Q_EMIT deviceSelected(current.data(DeviceModel::IdRole).toString());
}

} // namespace breakwater::desktop

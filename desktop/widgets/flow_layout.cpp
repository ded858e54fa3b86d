#include "widgets/flow_layout.hpp"

#include <algorithm>

namespace breakwater::desktop {

namespace {

constexpr int gap = 6;

} // namespace

FlowLayout::FlowLayout(QWidget* parent) : QLayout{parent} {
    setContentsMargins({});
}

FlowLayout::~FlowLayout() {
    qDeleteAll(m_items);
}

QLayoutItem* FlowLayout::takeAt(int index) {
    return index >= 0 && index < m_items.size() ? m_items.takeAt(index) : nullptr;
}

QSize FlowLayout::minimumSize() const {
    QSize size;
    for (const QLayoutItem* item : m_items)
        size = size.expandedTo(item->minimumSize());
    return size;
}

void FlowLayout::setGeometry(const QRect& rect) {
    QLayout::setGeometry(rect);
    arrange(rect, true);
}

int FlowLayout::arrange(const QRect& rect, bool move) const {
    int x = rect.x();
    int y = rect.y();
    int height = 0;
    for (QLayoutItem* item : m_items) {
        const QSize size = item->sizeHint();
        if (x > rect.x() && x + size.width() > rect.x() + rect.width()) {
            x = rect.x();
            y += height + gap;
            height = 0;
        }
        if (move)
            item->setGeometry({QPoint{x, y}, size});
        x += size.width() + gap;
        height = std::max(height, size.height());
    }
    return y + height - rect.y();
}

} // namespace breakwater::desktop

#include "core/device_filter.hpp"

#include "core/search.hpp"

namespace breakwater::desktop {

DeviceFilter::DeviceFilter(DeviceModel& model, QObject* parent)
    : QSortFilterProxyModel{parent}, m_devices{model}, m_collator{naturalCollator()} {
    setDynamicSortFilter(true);
    setSourceModel(&model);
    sort(DeviceModel::Name);
}

void DeviceFilter::setText(const QString& text) {
    m_text = folded(text.trimmed());
    invalidateRowsFilter();
}

void DeviceFilter::setCategory(const QString& slug) {
    m_category = slug;
    invalidateRowsFilter();
}

void DeviceFilter::setHealth(std::optional<Freshness> health) {
    m_health = health;
    m_now = QDateTime::currentDateTimeUtc();
    invalidateRowsFilter();
}

void DeviceFilter::updateTime() {
    m_now = QDateTime::currentDateTimeUtc();
    if (m_health)
        invalidateRowsFilter();
}

bool DeviceFilter::filterAcceptsRow(int row, const QModelIndex&) const {
    const Device& device = m_devices.at(row);
    return (m_category.isEmpty() || device.category == m_category) &&
           (m_text.isEmpty() || device.foldedName.contains(m_text) || device.id.startsWith(m_text)) &&
           (!m_health || m_devices.lastFreshness(device, m_now) == *m_health);
}

bool DeviceFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    const Device& a = m_devices.at(left.row());
    const Device& b = m_devices.at(right.row());
    if (left.column() == DeviceModel::LastReadingAt && a.lastReadingAt != b.lastReadingAt)
        return a.lastReadingAt < b.lastReadingAt;
    if (left.column() == DeviceModel::CategoryName && a.category != b.category) {
        const int order = m_collator.compare(left.data().toString(), right.data().toString());
        return order == 0 ? a.category < b.category : order < 0;
    }
    const int order = m_collator.compare(a.name, b.name);
    return order == 0 ? a.id < b.id : order < 0;
}

} // namespace breakwater::desktop

#include "core/device_model.hpp"

#include "core/search.hpp"

#include <algorithm>

namespace breakwater::desktop {

namespace {

constexpr int notifyInterval = 100; ///< milliseconds
constexpr int defaultInterval = 60; ///< seconds
constexpr qsizetype maxSignals = 32;
constexpr int maxClockSkew = 300; ///< seconds

} // namespace

DeviceModel::DeviceModel(QObject* parent) : QAbstractTableModel{parent} {
    m_notifyTimer.setSingleShot(true);
    m_notifyTimer.setInterval(notifyInterval);
    connect(&m_notifyTimer, &QTimer::timeout, this, &DeviceModel::notifyReadings);
}

void DeviceModel::assign(const QList<Device>& devices) {
    QSet<QString> listed;
    listed.reserve(devices.size());
    QList<Device> added;
    for (const Device& device : devices) {
        if (listed.contains(device.id))
            continue;
        listed.insert(device.id);
        if (const int row = rowOf(device.id); row >= 0)
            change(row, device);
        else
            added.push_back(device);
    }
    for (int last = static_cast<int>(m_devices.size()) - 1; last >= 0; --last) {
        if (listed.contains(m_devices[last].id))
            continue;
        int first = last;
        while (first > 0 && !listed.contains(m_devices[first - 1].id))
            --first;
        removeRange(first, last);
        last = first;
    }
    append(added);
}

void DeviceModel::put(const Device& device) {
    if (const int row = rowOf(device.id); row >= 0)
        change(row, device);
    else
        append({device});
}

void DeviceModel::remove(const QString& id) {
    if (const int row = rowOf(id); row >= 0)
        removeRange(row, row);
}

void DeviceModel::clear() {
    if (!m_devices.isEmpty())
        removeRange(0, static_cast<int>(m_devices.size()) - 1);
}

void DeviceModel::append(const QList<Device>& devices) {
    if (devices.isEmpty())
        return;
    const int first = static_cast<int>(m_devices.size());
    beginInsertRows({}, first, first + static_cast<int>(devices.size()) - 1);
    m_rows.reserve(m_devices.size() + devices.size());
    for (const Device& device : devices) {
        m_rows.insert(device.id, static_cast<int>(m_devices.size()));
        m_devices.push_back(device);
        m_devices.back().foldedName = folded(device.name);
    }
    endInsertRows();
}

void DeviceModel::removeRange(int first, int last) {
    beginRemoveRows({}, first, last);
    for (int row = first; row <= last; ++row)
        m_rows.remove(m_devices[row].id);
    m_devices.remove(first, last - first + 1);
    for (int row = first; row < static_cast<int>(m_devices.size()); ++row)
        m_rows[m_devices[row].id] = row;
    endRemoveRows();
}

void DeviceModel::change(int row, const Device& source) {
    Device& device = m_devices[row];
    const bool isVisibleChange =
        device.name != source.name || device.category != source.category || device.status != source.status ||
        device.simulated != source.simulated || device.neverHeard != source.neverHeard ||
        (source.expectedInterval > 0 && device.expectedInterval != source.expectedInterval);
    if (device.simulated && !source.simulated)
        device.lastReadingAt = {}; // simulated readings do not count for a real device
    device.simulated = source.simulated;
    device.neverHeard = source.neverHeard;
    if (device.name != source.name) {
        device.name = source.name;
        device.foldedName = folded(source.name);
    }
    device.category = source.category;
    if (source.expectedInterval > 0)
        device.expectedInterval = source.expectedInterval;
    device.status = source.status;
    if (source.createdAt.isValid())
        device.createdAt = source.createdAt;
    if (source.updatedAt.isValid())
        device.updatedAt = source.updatedAt;
    if (isVisibleChange)
        Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    if (source.lastReadingAt.isValid())
        recordReading(source.id, source.lastReadingAt);
}

void DeviceModel::recordReading(const QString& id, const QDateTime& at) {
    const int row = rowOf(id);
    if (row < 0 || !at.isValid())
        return;
    Device& device = m_devices[row];
    // A stored time far in the future dates from before the clock of the server was set back: replace it.
    if (device.lastReadingAt.isValid() && device.lastReadingAt >= at &&
        device.lastReadingAt <= at.addSecs(maxClockSkew))
        return;
    device.lastReadingAt = at;
    device.neverHeard = false;
    m_withNewReadings.insert(id);
    if (!m_notifyTimer.isActive())
        m_notifyTimer.start();
}

void DeviceModel::notifyReadings() {
    QList<int> rows;
    rows.reserve(m_withNewReadings.size());
    for (const QString& id : std::as_const(m_withNewReadings))
        if (const int row = rowOf(id); row >= 0)
            rows.push_back(row);
    m_withNewReadings.clear();
    std::sort(rows.begin(), rows.end());
    // Views locate the cell of every single-cell signal, so many changes are signalled as one range.
    if (rows.size() > maxSignals) {
        Q_EMIT dataChanged(index(rows.first(), LastReadingAt), index(rows.last(), LastReadingAt));
        return;
    }
    for (const int row : std::as_const(rows))
        Q_EMIT dataChanged(index(row, LastReadingAt), index(row, LastReadingAt));
}

void DeviceModel::setCategories(const QList<Category>& categories) {
    m_categories = categories;
    m_categoryRows.clear();
    for (int row = 0; row < static_cast<int>(m_categories.size()); ++row)
        m_categoryRows.insert(m_categories[row].slug, row);
    if (!m_devices.isEmpty())
        Q_EMIT dataChanged(index(0, CategoryName), index(rowCount() - 1, LastReadingAt));
}

const Device* DeviceModel::find(const QString& id) const {
    const int row = rowOf(id);
    return row < 0 ? nullptr : &m_devices[row];
}

const Category* DeviceModel::category(const QString& slug) const {
    const int row = m_categoryRows.value(slug, -1);
    return row < 0 ? nullptr : &m_categories[row];
}

Freshness DeviceModel::freshness(const Device& device, const QDateTime& now) const {
    if (m_unknownSince.isValid() && !device.isBlocked())
        return Freshness::Unknown;
    return lastFreshness(device, now);
}

Freshness DeviceModel::lastFreshness(const Device& device, const QDateTime& now) const {
    return freshnessOf(device, interval(device), m_unknownSince.isValid() ? m_unknownSince : now);
}

int DeviceModel::interval(const Device& device) const {
    if (device.expectedInterval > 0)
        return device.expectedInterval;
    const Category* entry = category(device.category);
    return entry == nullptr ? defaultInterval : entry->longestInterval;
}

void DeviceModel::setUnknownSince(const QDateTime& since) {
    if (m_unknownSince == since)
        return;
    m_unknownSince = since;
    if (!m_devices.isEmpty())
        Q_EMIT dataChanged(index(0, Name), index(rowCount() - 1, LastReadingAt));
}

int DeviceModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_devices.size());
}

int DeviceModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant DeviceModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Device& device = m_devices[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == Name)
            return device.simulated ? tr("%1 (simulated)").arg(device.name) : device.name;
        if (index.column() == CategoryName) {
            const Category* entry = category(device.category);
            return entry == nullptr ? device.category : entry->name;
        }
        return device.lastReadingAt;
    case IdRole: return device.id;
    case CategoryRole: return device.category;
    case StatusRole: return device.status;
    case FreshnessRole: return QVariant::fromValue(freshness(device, QDateTime::currentDateTimeUtc()));
    case LastReadingRole: return device.lastReadingAt;
    case NeverHeardRole: return device.neverHeard;
    default: return {};
    }
}

QVariant DeviceModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Device");
    case CategoryName: return tr("Category");
    case LastReadingAt: return tr("Last reading");
    default: return {};
    }
}

} // namespace breakwater::desktop

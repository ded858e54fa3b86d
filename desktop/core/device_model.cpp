#include "core/device_model.hpp"

#include "core/search.hpp"

#include <algorithm>

namespace breakwater::desktop {

namespace {

constexpr int tellEvery = 100;
constexpr int unknownInterval = 60;
constexpr qsizetype mostSignals = 32;
constexpr int mostAhead = 300; ///< seconds that clocks may differ by

} // namespace

DeviceModel::DeviceModel(QObject* parent) : QAbstractTableModel{parent} {
    m_tell.setSingleShot(true);
    m_tell.setInterval(tellEvery);
    connect(&m_tell, &QTimer::timeout, this, &DeviceModel::tellHeard);
}

void DeviceModel::assign(const QList<Device>& devices) {
    QSet<QString> listed;
    listed.reserve(devices.size());
    QList<Device> added;
    for (const Device& each : devices) {
        if (listed.contains(each.id))
            continue;
        listed.insert(each.id);
        if (const int row = rowOf(each.id); row >= 0)
            change(row, each);
        else
            added.push_back(each);
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
    for (const Device& each : devices) {
        m_rows.insert(each.id, static_cast<int>(m_devices.size()));
        m_devices.push_back(each);
        m_devices.back().foldedName = folded(each.name);
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

void DeviceModel::change(int row, const Device& to) {
    Device& device = m_devices[row];
    const bool shown = device.name != to.name || device.category != to.category ||
                       device.status != to.status || device.simulated != to.simulated ||
                       device.neverHeard != to.neverHeard ||
                       (to.expectedInterval > 0 && device.expectedInterval != to.expectedInterval);
    if (device.simulated && !to.simulated)
        device.lastReadingAt = {}; // what was made up of it was never heard
    device.simulated = to.simulated;
    device.neverHeard = to.neverHeard;
    if (device.name != to.name) {
        device.name = to.name;
        device.foldedName = folded(to.name);
    }
    device.category = to.category;
    if (to.expectedInterval > 0)
        device.expectedInterval = to.expectedInterval;
    device.status = to.status;
    if (to.createdAt.isValid())
        device.createdAt = to.createdAt;
    if (to.updatedAt.isValid())
        device.updatedAt = to.updatedAt;
    if (shown)
        Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    if (to.lastReadingAt.isValid())
        heard(to.id, to.lastReadingAt);
}

void DeviceModel::heard(const QString& id, const QDateTime& at) {
    const int row = rowOf(id);
    if (row < 0 || !at.isValid())
        return;
    Device& device = m_devices[row];
    // A time far beyond is from before the server's clock was set back.
    if (device.lastReadingAt.isValid() && device.lastReadingAt >= at &&
        device.lastReadingAt <= at.addSecs(mostAhead))
        return;
    device.lastReadingAt = at;
    device.neverHeard = false;
    m_heard.insert(id);
    if (!m_tell.isActive())
        m_tell.start();
}

void DeviceModel::tellHeard() {
    QList<int> rows;
    rows.reserve(m_heard.size());
    for (const QString& id : std::as_const(m_heard))
        if (const int row = rowOf(id); row >= 0)
            rows.push_back(row);
    m_heard.clear();
    std::sort(rows.begin(), rows.end());
    // Views look for the place of each cell that they are told of alone: many are told as one range.
    if (rows.size() > mostSignals) {
        Q_EMIT dataChanged(index(rows.first(), Heard), index(rows.last(), Heard));
        return;
    }
    for (const int row : std::as_const(rows))
        Q_EMIT dataChanged(index(row, Heard), index(row, Heard));
}

void DeviceModel::setCategories(const QList<Category>& categories) {
    m_categories = categories;
    m_categoryRows.clear();
    for (int row = 0; row < static_cast<int>(m_categories.size()); ++row)
        m_categoryRows.insert(m_categories[row].slug, row);
    if (!m_devices.isEmpty())
        Q_EMIT dataChanged(index(0, CategoryName), index(rowCount() - 1, Heard));
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
    const Category* kind = category(device.category);
    return kind == nullptr ? unknownInterval : kind->longestInterval;
}

void DeviceModel::setUnknownSince(const QDateTime& since) {
    if (m_unknownSince == since)
        return;
    m_unknownSince = since;
    if (!m_devices.isEmpty())
        Q_EMIT dataChanged(index(0, Name), index(rowCount() - 1, Heard));
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
            const Category* kind = category(device.category);
            return kind == nullptr ? device.category : kind->name;
        }
        return device.lastReadingAt;
    case IdRole: return device.id;
    case CategoryRole: return device.category;
    case StatusRole: return device.status;
    case FreshnessRole: return QVariant::fromValue(freshness(device, QDateTime::currentDateTimeUtc()));
    case HeardRole: return device.lastReadingAt;
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
    case Heard: return tr("Heard");
    default: return {};
    }
}

} // namespace breakwater::desktop

#include "core/reading_model.hpp"

#include "core/field_names.hpp"
#include "core/field_path.hpp"
#include "core/payload_fields.hpp"

#include <QLocale>

#include <algorithm>

namespace breakwater::desktop {

void ReadingModel::clear() {
    if (!m_readings.isEmpty()) {
        beginRemoveRows({}, 0, rowCount() - 1);
        m_readings.clear();
        m_ids.clear();
        endRemoveRows();
    }
    if (!m_fields.isEmpty()) {
        beginRemoveColumns({}, FirstField, columnCount() - 1);
        m_fields.clear();
        m_fieldSet.clear();
        m_labels.clear();
        endRemoveColumns();
        Q_EMIT fieldsChanged();
    }
}

QList<Reading> ReadingModel::registerNew(const QList<Reading>& readings) {
    QList<Reading> newReadings;
    for (const Reading& reading : readings) {
        if (m_ids.contains(reading.id))
            continue;
        m_ids.insert(reading.id);
        newReadings.push_back(reading);
    }
    addFields(newReadings);
    return newReadings;
}

void ReadingModel::prepend(QList<Reading> readings) {
    readings = registerNew(readings);
    if (readings.isEmpty())
        return;
    std::sort(readings.begin(), readings.end(), [](const Reading& a, const Reading& b) {
        return std::pair{a.receivedAt, a.id} > std::pair{b.receivedAt, b.id};
    });
    beginInsertRows({}, 0, static_cast<int>(readings.size()) - 1);
    m_readings = readings + m_readings;
    endInsertRows();
    if (m_readings.size() <= maxReadings)
        return;
    beginRemoveRows({}, maxReadings, rowCount() - 1);
    for (qsizetype n = maxReadings; n < m_readings.size(); ++n)
        m_ids.remove(m_readings[n].id);
    m_readings.resize(maxReadings);
    endRemoveRows();
}

int ReadingModel::append(const QList<Reading>& readings) {
    const QList<Reading> newReadings = registerNew(readings);
    if (newReadings.isEmpty())
        return 0;
    beginInsertRows({}, rowCount(), rowCount() + static_cast<int>(newReadings.size()) - 1);
    m_readings += newReadings;
    endInsertRows();
    return static_cast<int>(newReadings.size());
}

void ReadingModel::addFields(const QList<Reading>& readings) {
    QStringList added;
    for (const Reading& reading : readings)
        for (const auto& [name, value] : fieldsOf(reading.payload))
            if (m_fieldSet.size() < maxFields && !m_fieldSet.contains(name)) {
                m_fieldSet.insert(name);
                added << name;
            }
    if (added.isEmpty())
        return;
    beginInsertColumns({}, columnCount(), columnCount() + static_cast<int>(added.size()) - 1);
    m_fields += added;
    m_labels = fieldLabels(m_fields);
    endInsertColumns();
    // A new field may change the label of an existing field.
    Q_EMIT headerDataChanged(Qt::Horizontal, FirstField, columnCount() - 1);
    Q_EMIT fieldsChanged();
}

int ReadingModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_readings.size());
}

int ReadingModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : FirstField + static_cast<int>(m_fields.size());
}

QVariant ReadingModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Reading& reading = m_readings[index.row()];
    if (role == PayloadRole)
        return reading.payload;
    if (role == SimulatedRole)
        return reading.simulated;
    if (role == Qt::TextAlignmentRole && index.column() >= FirstField)
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    if (index.column() == ReceivedAt)
        return reading.receivedAt;
    if (index.column() == MeasuredAt)
        return reading.measuredAt;
    return valueText(valueAt(reading.payload, m_fields[index.column() - FirstField]));
}

QVariant ReadingModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section >= columnCount())
        return {};
    if (role == Qt::ToolTipRole && section >= FirstField)
        return m_fields[section - FirstField];
    if (role == Qt::TextAlignmentRole && section >= FirstField)
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case ReceivedAt: return tr("Received");
    case MeasuredAt: return tr("Measured");
    default: {
        const QString& field = m_fields[section - FirstField];
        return withUnit(m_labels.value(field, field), field);
    }
    }
}

} // namespace breakwater::desktop

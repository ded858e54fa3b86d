#pragma once

#include "core/types.hpp"

#include <QAbstractTableModel>
#include <QHash>
#include <QSet>
#include <QStringList>

namespace breakwater::desktop {

/// Readings of one device, newest first, with a column for each field in any of them.
class ReadingModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { ReceivedAt, MeasuredAt, FirstField };
    enum Role { PayloadRole = Qt::UserRole, SimulatedRole };

    using QAbstractTableModel::QAbstractTableModel;

    void clear();
    /// Adds newer readings, in any order, and skips those already in the model. Drops the oldest readings
    /// beyond `maxReadings`.
    void prepend(QList<Reading> readings);
    /// Adds older readings, newest first. Returns how many were new.
    int append(const QList<Reading>& readings);

    [[nodiscard]] const QList<Reading>& readings() const { return m_readings; }
    [[nodiscard]] const QStringList& fields() const { return m_fields; }
    /// The label of each field.
    [[nodiscard]] const QHash<QString, QString>& labels() const { return m_labels; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    static constexpr int maxReadings = 5000;
    static constexpr int maxFields = 512;

Q_SIGNALS:
    void fieldsChanged();

private:
    void addFields(const QList<Reading>& readings);
    /// Returns the readings that are not in the model yet, and records their ids and fields.
    QList<Reading> registerNew(const QList<Reading>& readings);

    QList<Reading> m_readings;
    QSet<qint64> m_ids;
    QStringList m_fields;
    QSet<QString> m_fieldSet; ///< the elements of `m_fields`
    QHash<QString, QString> m_labels;
};

} // namespace breakwater::desktop

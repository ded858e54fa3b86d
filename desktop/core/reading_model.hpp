#pragma once

#include "core/types.hpp"

#include <QAbstractTableModel>
#include <QHash>
#include <QSet>
#include <QStringList>

namespace breakwater::desktop {

/// Readings of one device, newest first; a column for each field that any of them has.
class ReadingModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { ReceivedAt, MeasuredAt, FirstField };
    enum Role { PayloadRole = Qt::UserRole, SimulatedRole };

    using QAbstractTableModel::QAbstractTableModel;

    void clear();
    /// Newer ones, in any order; those that are there already are passed over. The oldest go where there are
    /// more than `most`.
    void prepend(QList<Reading> readings);
    /// Older ones, newest first. How many were new.
    int append(const QList<Reading>& readings);

    [[nodiscard]] const QList<Reading>& readings() const { return m_readings; }
    [[nodiscard]] const QStringList& fields() const { return m_fields; }
    /// What each of them is called.
    [[nodiscard]] const QHash<QString, QString>& labels() const { return m_labels; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    static constexpr int most = 5000;
    static constexpr int mostFields = 512;

Q_SIGNALS:
    void fieldsChanged();

private:
    void noteFields(const QList<Reading>& readings);
    QList<Reading> unknown(const QList<Reading>& readings);

    QList<Reading> m_readings;
    QSet<qint64> m_ids;
    QStringList m_fields;
    QSet<QString> m_known; ///< the same
    QHash<QString, QString> m_labels;
};

} // namespace breakwater::desktop

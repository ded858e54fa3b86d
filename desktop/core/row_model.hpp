#pragma once

#include <QAbstractTableModel>
#include <QList>
#include <QSet>

#include <algorithm>

namespace breakwater::desktop {

/// A sorted table of rows with unique keys. Changes row by row and is never reset. Suitable for some thousand
/// rows. `Kind` defines `using Row`, `using Key`, `static Key key(const Row&)` and
/// `static bool before(a, b)`.
template <class Kind>
class RowModel : public QAbstractTableModel {
public:
    using Row = typename Kind::Row;
    using Key = typename Kind::Key;
    using QAbstractTableModel::QAbstractTableModel;

    [[nodiscard]] const QList<Row>& rows() const { return m_rows; }

    [[nodiscard]] int rowOf(const Key& key) const {
        const auto position =
            std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& row) { return Kind::key(row) == key; });
        return position == m_rows.end() ? -1 : static_cast<int>(position - m_rows.begin());
    }

    /// Replaces the rows with these.
    void assign(const QList<Row>& rows) {
        QSet<Key> listed;
        for (const Row& value : rows)
            listed.insert(Kind::key(value));
        for (int row = rowCount() - 1; row >= 0; --row)
            if (!listed.contains(Kind::key(m_rows[row])))
                removeAt(row);
        for (const Row& value : rows)
            put(value);
    }

    /// Inserts the row in order, or updates the row with the same key.
    void put(const Row& value) {
        const int storedRow = rowOf(Kind::key(value));
        if (storedRow >= 0 && !Kind::before(value, m_rows[storedRow]) &&
            !Kind::before(m_rows[storedRow], value)) {
            m_rows[storedRow] = value;
            Q_EMIT dataChanged(index(storedRow, 0), index(storedRow, columnCount() - 1));
            return;
        }
        if (storedRow >= 0)
            removeAt(storedRow);
        const auto position = std::lower_bound(m_rows.begin(), m_rows.end(), value, &Kind::before);
        const int row = static_cast<int>(position - m_rows.begin());
        beginInsertRows({}, row, row);
        m_rows.insert(row, value);
        endInsertRows();
    }

    void remove(const Key& key) {
        if (const int row = rowOf(key); row >= 0)
            removeAt(row);
    }

    /// Keeps the first `maxRows` rows.
    void truncate(int maxRows) {
        if (rowCount() <= maxRows)
            return;
        beginRemoveRows({}, maxRows, rowCount() - 1);
        m_rows.resize(maxRows);
        endRemoveRows();
    }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override {
        return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
    }

private:
    void removeAt(int row) {
        beginRemoveRows({}, row, row);
        m_rows.remove(row);
        endRemoveRows();
    }

    QList<Row> m_rows;
};

} // namespace breakwater::desktop

#pragma once

#include <QAbstractTableModel>
#include <QList>
#include <QSet>

#include <algorithm>

namespace breakwater::desktop {

/// A table of values that have a key, in an order of their own, changed row by row. For some thousand rows.
/// `Kind` says `using Row`, `using Key`, `static Key key(const Row&)` and `static bool before(a, b)`.
template <class Kind>
class RowModel : public QAbstractTableModel {
public:
    using Row = typename Kind::Row;
    using Key = typename Kind::Key;
    using QAbstractTableModel::QAbstractTableModel;

    [[nodiscard]] const QList<Row>& rows() const { return m_rows; }

    [[nodiscard]] int rowOf(const Key& key) const {
        const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                        [&](const Row& each) { return Kind::key(each) == key; });
        return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
    }

    /// Makes the rows these.
    void assign(const QList<Row>& rows) {
        QSet<Key> listed;
        for (const Row& each : rows)
            listed.insert(Kind::key(each));
        for (int row = rowCount() - 1; row >= 0; --row)
            if (!listed.contains(Kind::key(m_rows[row])))
                removeAt(row);
        for (const Row& each : rows)
            put(each);
    }

    /// Adds a row at its place, or changes it.
    void put(const Row& value) {
        const int known = rowOf(Kind::key(value));
        if (known >= 0 && !Kind::before(value, m_rows[known]) && !Kind::before(m_rows[known], value)) {
            m_rows[known] = value;
            Q_EMIT dataChanged(index(known, 0), index(known, columnCount() - 1));
            return;
        }
        if (known >= 0)
            removeAt(known);
        const auto place = std::lower_bound(m_rows.begin(), m_rows.end(), value, &Kind::before);
        const int row = static_cast<int>(place - m_rows.begin());
        beginInsertRows({}, row, row);
        m_rows.insert(row, value);
        endInsertRows();
    }

    void remove(const Key& key) {
        if (const int row = rowOf(key); row >= 0)
            removeAt(row);
    }

    /// Keeps the first ones.
    void cut(int most) {
        if (rowCount() <= most)
            return;
        beginRemoveRows({}, most, rowCount() - 1);
        m_rows.resize(most);
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

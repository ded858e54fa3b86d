#pragma once

#include "core/row_model.hpp"
#include "core/types.hpp"

namespace breakwater::desktop {

struct UserKind {
    using Row = User;
    using Key = qint64;
    static Key key(const Row& row) { return row.id; }
    static bool before(const Row& a, const Row& b) { return a.id < b.id; }
};

/// The accounts, in the order of creation.
class UserModel : public RowModel<UserKind> {
    Q_OBJECT
public:
    enum Column { Email, Role, CreatedAt, ColumnCount };

    using RowModel::RowModel;

    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

} // namespace breakwater::desktop

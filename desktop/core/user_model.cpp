#include "core/user_model.hpp"

namespace breakwater::desktop {

int UserModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant UserModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount() || role != Qt::DisplayRole)
        return {};
    const User& user = rows()[index.row()];
    switch (index.column()) {
    case Email: return user.disabled ? tr("%1 (disabled)").arg(user.email) : user.email;
    case Role: return user.role == QLatin1StringView{"admin"} ? tr("Administrator") : tr("User");
    case CreatedAt: return user.createdAt;
    default: return {};
    }
}

QVariant UserModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Email: return tr("E-mail address");
    case Role: return tr("Role");
    case CreatedAt: return tr("Created");
    default: return {};
    }
}

} // namespace breakwater::desktop

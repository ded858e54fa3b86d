#pragma once

#include "core/device_filter.hpp"
#include "widgets/theme.hpp"

#include <QStyledItemDelegate>
#include <QTreeView>

namespace breakwater::desktop {

/// Draws a device: how it does as a dot before its name, when it was heard as "12 s ago".
class DeviceDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// The list of devices. All rows have one height, so that ten thousand cost what twenty do.
class DeviceTree : public QTreeView {
    Q_OBJECT
public:
    explicit DeviceTree(DeviceFilter& filter, QWidget* parent = nullptr);

    [[nodiscard]] QStringList visibleIds() const;
    [[nodiscard]] QString currentId() const;
    /// Chooses the device, where it is in the list.
    void choose(const QString& id);

Q_SIGNALS:
    /// Empty: none.
    void chosen(const QString& id);

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    DeviceFilter& m_filter;
};

Tone toneOf(Freshness freshness);

} // namespace breakwater::desktop

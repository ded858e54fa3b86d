#pragma once

#include "core/device_filter.hpp"
#include "widgets/theme.hpp"

#include <QStyledItemDelegate>
#include <QTreeView>

namespace breakwater::desktop {

/// Draws a device: its state as a dot before the name, and the time of the last reading as "12 s ago".
class DeviceDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

/// The list of devices. All rows have the same height, so that the cost does not depend on their number.
class DeviceTree : public QTreeView {
    Q_OBJECT
public:
    explicit DeviceTree(DeviceFilter& filter, QWidget* parent = nullptr);

    [[nodiscard]] QStringList visibleIds() const;
    [[nodiscard]] QString currentId() const;
    /// Selects the device if it is in the list.
    void select(const QString& id);

Q_SIGNALS:
    /// An empty id means no device.
    void deviceSelected(const QString& id);

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;

private:
    DeviceFilter& m_filter;
};

Tone toneOf(Freshness freshness);

} // namespace breakwater::desktop

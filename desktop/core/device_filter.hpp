#pragma once

#include "core/device_model.hpp"

#include <QCollator>
#include <QSortFilterProxyModel>

#include <optional>

namespace breakwater::desktop {

/// The devices that match the filter, sorted. The state of a device changes with time, so call `updateTime`
/// regularly.
class DeviceFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit DeviceFilter(DeviceModel& model, QObject* parent = nullptr);

    void setText(const QString& text);     ///< part of the name, or the start of the id
    void setCategory(const QString& slug); ///< empty: all
    void setHealth(std::optional<Freshness> health);
    void updateTime();

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    DeviceModel& m_devices;
    QString m_text; ///< folded
    QString m_category;
    std::optional<Freshness> m_health;
    QDateTime m_now = QDateTime::currentDateTimeUtc();
    QCollator m_collator;
};

} // namespace breakwater::desktop

#pragma once

#include "core/device_model.hpp"

#include <QCollator>
#include <QSortFilterProxyModel>

#include <optional>

namespace breakwater::desktop {

/// The devices that fit what one looks for, sorted. Devices go in and out by how they do as time passes, so
/// `passTime` has to be called now and then.
class DeviceFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit DeviceFilter(DeviceModel& model, QObject* parent = nullptr);

    void setText(const QString& text);     ///< part of the name, or the beginning of the id
    void setCategory(const QString& slug); ///< empty: all
    void setHealth(std::optional<Freshness> health);
    void passTime();

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    DeviceModel& m_devices;
    QString m_text; ///< as `folded`
    QString m_category;
    std::optional<Freshness> m_health;
    QDateTime m_now = QDateTime::currentDateTimeUtc();
    QCollator m_collator;
};

} // namespace breakwater::desktop

#pragma once

#include "core/freshness.hpp"
#include "core/types.hpp"

#include <QAbstractTableModel>
#include <QHash>
#include <QSet>
#include <QTimer>

namespace breakwater::desktop {

/// The fleet: one row per device, in the order in which the devices were added. The model changes row by row
/// and is never reset, so that views keep their selection and scroll position. New readings only change the
/// time of the last reading; these changes are collected and signalled ten times a second.
class DeviceModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, CategoryName, LastReadingAt, ColumnCount };
    enum Role {
        IdRole = Qt::UserRole,
        CategoryRole,
        StatusRole,
        FreshnessRole,
        LastReadingRole,
        NeverHeardRole
    };

    explicit DeviceModel(QObject* parent = nullptr);

    /// Replaces the rows with a list of all devices. Keeps values that the list does not contain.
    void assign(const QList<Device>& devices);
    /// Adds the device or updates its row. An invalid time leaves the stored time unchanged.
    void put(const Device& device);
    void remove(const QString& id);
    void clear();
    /// Records the time of a reading. The last reading time never moves back.
    void recordReading(const QString& id, const QDateTime& at);
    void setCategories(const QList<Category>& categories);

    [[nodiscard]] const Device* find(const QString& id) const;
    [[nodiscard]] const Device& at(int row) const { return m_devices.at(row); }
    [[nodiscard]] int rowOf(const QString& id) const { return m_rows.value(id, -1); }
    [[nodiscard]] const QList<Category>& categories() const { return m_categories; }
    [[nodiscard]] const Category* category(const QString& slug) const;
    /// `Unknown` while `unknownSince` is set. A blocked device stays `Blocked`.
    [[nodiscard]] Freshness freshness(const Device& device, const QDateTime& now) const;
    /// The freshness at the time `unknownSince`, or now if it is not set.
    [[nodiscard]] Freshness lastFreshness(const Device& device, const QDateTime& now) const;
    /// The expected interval between readings, in seconds: from the server, or else from the category.
    [[nodiscard]] int interval(const Device& device) const;
    /// The time since which the state of the devices is unknown. Invalid: the state is known.
    void setUnknownSince(const QDateTime& since);
    [[nodiscard]] const QDateTime& unknownSince() const { return m_unknownSince; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void removeRange(int first, int last);
    void append(const QList<Device>& devices);
    void change(int row, const Device& source);
    void notifyReadings();

    QList<Device> m_devices;
    QHash<QString, int> m_rows;
    QList<Category> m_categories;
    QHash<QString, int> m_categoryRows;
    QDateTime m_unknownSince;
    QSet<QString> m_withNewReadings; ///< device ids, since the last notification
    QTimer m_notifyTimer;
};

} // namespace breakwater::desktop

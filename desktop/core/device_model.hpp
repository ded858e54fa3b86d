#pragma once

#include "core/freshness.hpp"
#include "core/types.hpp"

#include <QAbstractTableModel>
#include <QHash>
#include <QSet>
#include <QTimer>

namespace breakwater::desktop {

/// The fleet, a device a row, in the order in which it became known. Changed row by row and never reset, so
/// that what is chosen and where one has scrolled to stays. Readings only say when a device was last heard;
/// those are gathered, and shown ten times a second.
class DeviceModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Name, CategoryName, Heard, ColumnCount };
    enum Role { IdRole = Qt::UserRole, CategoryRole, StatusRole, FreshnessRole, HeardRole, NeverHeardRole };

    explicit DeviceModel(QObject* parent = nullptr);

    /// Makes the rows those of a list of all devices. Keeps what the list doesn't say.
    void assign(const QList<Device>& devices);
    /// Adds the device, or changes its row. Invalid times are kept as they were.
    void put(const Device& device);
    void remove(const QString& id);
    void clear();
    /// A reading came, or one of that time is known of. Never goes back.
    void heard(const QString& id, const QDateTime& at);
    void setCategories(const QList<Category>& categories);

    [[nodiscard]] const Device* find(const QString& id) const;
    [[nodiscard]] const Device& at(int row) const { return m_devices.at(row); }
    [[nodiscard]] int rowOf(const QString& id) const { return m_rows.value(id, -1); }
    [[nodiscard]] const QList<Category>& categories() const { return m_categories; }
    [[nodiscard]] const Category* category(const QString& slug) const;
    /// Unknown where nothing was heard since `unknownSince`, but for what is blocked: people decided that.
    [[nodiscard]] Freshness freshness(const Device& device, const QDateTime& now) const;
    /// How it was when it was last known.
    [[nodiscard]] Freshness lastFreshness(const Device& device, const QDateTime& now) const;
    /// How often it is to speak, in seconds: as the server says or, where it doesn't, by its category.
    [[nodiscard]] int interval(const Device& device) const;
    /// Since when nothing is known of how devices do; invalid: it is known.
    void setUnknownSince(const QDateTime& since);
    [[nodiscard]] const QDateTime& unknownSince() const { return m_unknownSince; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void removeRange(int first, int last);
    void append(const QList<Device>& devices);
    void change(int row, const Device& to);
    void tellHeard();

    QList<Device> m_devices;
    QHash<QString, int> m_rows;
    QList<Category> m_categories;
    QHash<QString, int> m_categoryRows;
    QDateTime m_unknownSince;
    QSet<QString> m_heard; ///< since it was last told
    QTimer m_tell;
};

} // namespace breakwater::desktop

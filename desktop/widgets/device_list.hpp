#pragma once

#include "core/device_filter.hpp"
#include "core/fleet.hpp"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;

namespace breakwater::desktop {

class DeviceTree;

/// The left column: search, filters and the matching devices.
class DeviceList : public QWidget {
    Q_OBJECT
public:
    explicit DeviceList(Fleet& fleet, QWidget* parent = nullptr);

    [[nodiscard]] DeviceTree& tree() { return *m_tree; }
    [[nodiscard]] DeviceFilter& filter() { return m_filter; }
    void focusSearch();
    struct FilterState {
        QString text;
        QString category; ///< slug; empty: all
        int health = 0;   ///< index in the combo box
    };
    [[nodiscard]] FilterState filterState() const;
    void setFilterState(const FilterState& state);

Q_SIGNALS:
    void createRequested();

private:
    void fillCategories();
    void updateCount();
    void tick();

    Fleet& m_fleet;
    DeviceFilter m_filter;
    QLineEdit* m_search;
    QComboBox* m_category;
    QComboBox* m_health;
    DeviceTree* m_tree;
    QLabel* m_count;
    QString m_pendingCategory; ///< to select once the categories are loaded
    QTimer m_tickTimer;
    QTimer m_countTimer;
};

} // namespace breakwater::desktop

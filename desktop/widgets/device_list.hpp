#pragma once

#include "core/device_filter.hpp"
#include "core/fleet.hpp"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;

namespace breakwater::desktop {

class DeviceTree;

/// The left column: search, filters, and the devices that fit.
class DeviceList : public QWidget {
    Q_OBJECT
public:
    explicit DeviceList(Fleet& fleet, QWidget* parent = nullptr);

    [[nodiscard]] DeviceTree& tree() { return *m_tree; }
    [[nodiscard]] DeviceFilter& filter() { return m_filter; }
    void focusSearch();
    /// What is looked for.
    struct Looking {
        QString text;
        QString category; ///< slug; empty: all
        int health = 0;   ///< in the order of what can be chosen
    };
    [[nodiscard]] Looking looking() const;
    void look(const Looking& looking);

Q_SIGNALS:
    void creationWanted();

private:
    void fillCategories();
    void count();
    void beat();

    Fleet& m_fleet;
    DeviceFilter m_filter;
    QLineEdit* m_search;
    QComboBox* m_category;
    QComboBox* m_health;
    DeviceTree* m_tree;
    QLabel* m_count;
    QString m_wantedCategory; ///< as soon as it is there
    QTimer m_beat;
    QTimer m_counting;
};

} // namespace breakwater::desktop

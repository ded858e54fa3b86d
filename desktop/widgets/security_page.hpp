#pragma once

#include "core/event_log.hpp"

#include <QWidget>

class QComboBox;

namespace breakwater::desktop {

class NoticeBar;
class Table;

/// The security log: live, with filters and CSV export.
class SecurityPage : public QWidget {
    Q_OBJECT
public:
    SecurityPage(const Api& api, Live& live, NoticeBar& notices, QWidget* parent = nullptr);

    void load();
    void clear() { m_log.clear(); }
    [[nodiscard]] EventLog& log() { return m_log; }

private:
    void filter();
    void startExport();

    Api m_api;
    EventLog m_log;
    QComboBox* m_type;
    QComboBox* m_status;
    QComboBox* m_actor;
    QComboBox* m_range;
    Table* m_table;
};

} // namespace breakwater::desktop

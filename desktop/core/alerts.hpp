#pragma once

#include "core/live.hpp"
#include "core/row_model.hpp"

#include <memory>

namespace breakwater::desktop {

struct AlertKind {
    using Row = Alert;
    using Key = QString;
    static Key key(const Row& row) { return row.id; }
    /// Newest first.
    static bool before(const Row& a, const Row& b) {
        return a.raisedAt == b.raisedAt ? a.id < b.id : a.raisedAt > b.raisedAt;
    }
};

class AlertModel : public RowModel<AlertKind> {
    Q_OBJECT
public:
    enum Column { Severity, Summary, DeviceName, State, RaisedAt, Count, ColumnCount };
    enum Role { SeverityRole = Qt::UserRole, StateRole };

    using RowModel::RowModel;

    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

/// The unresolved alerts, and late alerts: those of late readings, already resolved when they were raised.
/// Kept up to date. Empty if the server has no alerts.
class Alerts : public QObject {
    Q_OBJECT
public:
    Alerts(const Api& api, Live& live, QObject* parent = nullptr);

    [[nodiscard]] AlertModel& model() { return m_model; }
    /// Whether the server has alerts.
    [[nodiscard]] bool isSupported() const { return m_supported; }
    [[nodiscard]] int openCount() const;

    void load();
    void clear();
    void acknowledge(const QString& id);
    void resolve(const QString& id);

Q_SIGNALS:
    void supportedChanged(bool supported);
    void changed();
    void failed(const QString& detail);

private:
    void apply(const QList<LiveEvent>& events);
    void update(const Alert& alert);
    void loadLate();
    [[nodiscard]] QList<Alert> lateAlerts() const;
    void setSupported(bool supported);

    Api m_api;
    AlertModel m_model;
    bool m_supported = false;
    std::unique_ptr<QObject> m_calls = std::make_unique<QObject>();
    QTimer m_pollTimer;
};

} // namespace breakwater::desktop

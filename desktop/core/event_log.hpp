#pragma once

#include "core/live.hpp"
#include "core/row_model.hpp"

#include <functional>
#include <memory>

namespace breakwater::desktop {

struct EventKind {
    using Row = SecurityEvent;
    using Key = qint64;
    static Key key(const Row& row) { return row.id; }
    static bool before(const Row& a, const Row& b) { return a.id > b.id; } ///< newest first
};

class EventModel : public RowModel<EventKind> {
    Q_OBJECT
public:
    enum Column { Time, Event, Status, Actor, Target, Detail, Source, Count, ColumnCount };

    using RowModel::RowModel;

    /// Returns the name of the object of that type ("device", "user", …); empty if unknown.
    using NameLookup = std::function<QString(const QString& type, const QString& id)>;
    void setNameLookup(NameLookup lookup) { m_nameLookup = std::move(lookup); }

    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString nameOf(const QString& type, const QString& id) const;

    NameLookup m_nameLookup = [](const QString&, const QString&) { return QString{}; };
};

/// Whether the event matches the filter. The client checks this too, because other server implementations may
/// ignore filters.
bool matches(const SecurityEvent& event, const EventFilter& filter);
/// Whether the device is the actor or a target of the event.
bool isAbout(const SecurityEvent& event, const QString& device);
/// Whether the event is a successful sign-in or reading of a device. There are too many of them to show.
bool isRoutine(const SecurityEvent& event);

/// The security events that match a filter, or those about one device; kept up to date.
class EventLog : public QObject {
    Q_OBJECT
public:
    EventLog(const Api& api, Live& live, QObject* parent = nullptr);

    [[nodiscard]] EventModel& model() { return m_model; }
    [[nodiscard]] const EventFilter& filter() const { return m_filter; }

    /// Shows the events that match the filter. Fetches them from the server.
    void setFilter(const EventFilter& filter);
    /// Shows the events about this device.
    void setDevice(const QString& id);
    void reload();
    void loadMore();
    /// Removes all events and stops polling.
    void clear();

    static constexpr int maxRows = 5000;

Q_SIGNALS:
    void failed(const QString& detail);

private:
    void fetch(const EventFilter& filter, const QString& cursor, int limit);
    void apply(const QList<LiveEvent>& events);
    void updatePolling();
    [[nodiscard]] bool accepts(const SecurityEvent& event) const;

    Api m_api;
    Live& m_live;
    EventModel m_model;
    EventFilter m_filter;
    QString m_device;
    bool m_active = false;
    QString m_nextCursor;
    std::unique_ptr<QObject> m_calls;
    QTimer m_pollTimer;
};

} // namespace breakwater::desktop

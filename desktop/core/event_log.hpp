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

    /// How people call a thing of that type ("device", "user", …); empty where it is not known.
    using Names = std::function<QString(const QString& type, const QString& id)>;
    void setNames(Names names) { m_names = std::move(names); }

    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString nameOf(const QString& type, const QString& id) const;

    Names m_names = [](const QString&, const QString&) { return QString{}; };
};

/// Whether it is what the filter lets through. (A server of another make may pass filters over.)
bool fits(const SecurityEvent& event, const EventFilter& filter);
/// Whether the device did it, or it was done to the device.
bool isAbout(const SecurityEvent& event, const QString& device);
/// What the device does right all the time, which would bury the rest.
bool isRoutine(const SecurityEvent& event);

/// The security log as far as it fits, or what there is in it about one device; kept up to date.
class EventLog : public QObject {
    Q_OBJECT
public:
    EventLog(const Api& api, Live& live, QObject* parent = nullptr);

    [[nodiscard]] EventModel& model() { return m_model; }
    [[nodiscard]] const EventFilter& filter() const { return m_filter; }

    /// Shows what fits; asks the server for it.
    void setFilter(const EventFilter& filter);
    /// Shows what is about this device.
    void setDevice(const QString& id);
    void reload();
    void loadMore();
    /// Forgets everything, and asks nothing any more.
    void clear();

    static constexpr int most = 5000;

Q_SIGNALS:
    void failed(const QString& detail);

private:
    void ask(const EventFilter& filter, const QString& cursor, int limit);
    void apply(const QList<LiveEvent>& events);
    void pollWhereNeeded();
    [[nodiscard]] bool wants(const SecurityEvent& event) const;

    Api m_api;
    Live& m_live;
    EventModel m_model;
    EventFilter m_filter;
    QString m_device;
    bool m_active = false;
    QString m_nextCursor;
    std::unique_ptr<QObject> m_calls;
    QTimer m_poll;
};

} // namespace breakwater::desktop

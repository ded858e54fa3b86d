#include "core/live_event.hpp"

#include "core/live.hpp"
#include "core/parse.hpp"

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

template <class T>
void add(QList<LiveEvent>& events, Answer<T> event) {
    if (event)
        events.push_back(*std::move(event));
}

DeviceChanged readChanged(JsonReader& from) {
    DeviceChanged changed;
    changed.device.id = from.text("device_id"_L1);
    changed.device.name = from.text("name"_L1);
    changed.device.category = from.text("category"_L1);
    changed.device.status = from.text("status"_L1);
    changed.device.updatedAt = from.optionalTime("updated_at"_L1);
    changed.device.simulated = from.optionalFlag("simulated"_L1);
    changed.device.neverHeard = from.optionalFlag("never_heard"_L1);
    changed.device.expectedInterval = readExpectedInterval(from);
    return changed;
}

DeviceDeleted readDeleted(JsonReader& from) {
    return {.id = from.text("device_id"_L1)};
}

BackfillArrived readBackfill(JsonReader& from) {
    return {.deviceId = from.text("device_id"_L1), .receivedAt = from.optionalTime("received_at"_L1)};
}

} // namespace

QList<LiveEvent> readEvents(const QJsonArray& events) {
    QList<LiveEvent> read;
    read.reserve(events.size());
    for (const QJsonValue& each : events) {
        const QString type = each["type"_L1].toString();
        if (type == "reading"_L1)
            add(read, parseOne(each["reading"_L1], readReading));
        else if (type == "device"_L1 && each["change"_L1].toString() == "deleted"_L1)
            add(read, parseOne(each, readDeleted));
        else if (type == "device"_L1)
            add(read, parseOne(each, readChanged));
        else if (type == "backfill"_L1)
            add(read, parseOne(each, readBackfill));
        else if (type == "security_event"_L1)
            add(read, parseOne(each, readSecurityEvent));
        else if (type == "alert"_L1)
            add(read, parseOne(each["alert"_L1], readAlert));
    }
    return read;
}

} // namespace breakwater::desktop

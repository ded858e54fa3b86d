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

DeviceChanged readChanged(JsonReader& reader) {
    DeviceChanged changed;
    changed.device.id = reader.text("device_id"_L1);
    changed.device.name = reader.text("name"_L1);
    changed.device.category = reader.text("category"_L1);
    changed.device.status = reader.text("status"_L1);
    changed.device.updatedAt = reader.optionalTime("updated_at"_L1);
    changed.device.simulated = reader.optionalFlag("simulated"_L1);
    changed.device.neverHeard = reader.optionalFlag("never_heard"_L1);
    changed.device.expectedInterval = readExpectedInterval(reader);
    return changed;
}

DeviceDeleted readDeleted(JsonReader& reader) {
    return {.id = reader.text("device_id"_L1)};
}

BackfillArrived readBackfill(JsonReader& reader) {
    return {.deviceId = reader.text("device_id"_L1), .receivedAt = reader.optionalTime("received_at"_L1)};
}

} // namespace

QList<LiveEvent> readEvents(const QJsonArray& events) {
    QList<LiveEvent> parsed;
    parsed.reserve(events.size());
    for (const QJsonValue event : events) {
        const QString type = event["type"_L1].toString();
        if (type == "reading"_L1)
            add(parsed, parseOne(event["reading"_L1], readReading));
        else if (type == "device"_L1 && event["change"_L1].toString() == "deleted"_L1)
            add(parsed, parseOne(event, readDeleted));
        else if (type == "device"_L1)
            add(parsed, parseOne(event, readChanged));
        else if (type == "backfill"_L1)
            add(parsed, parseOne(event, readBackfill));
        else if (type == "security_event"_L1)
            add(parsed, parseOne(event, readSecurityEvent));
        else if (type == "alert"_L1)
            add(parsed, parseOne(event["alert"_L1], readAlert));
    }
    return parsed;
}

} // namespace breakwater::desktop

#include "core/live_event.hpp"

#include "core/live.hpp"
#include "core/parse.hpp"

namespace breakwater::desktop {

namespace {

LiveEvent eventOf(const messages::LiveReading& message) {
    return toModel(message.reading);
}

LiveEvent eventOf(const messages::LiveDevice& message) {
    return DeviceChanged{.device = toModel(message)};
}

LiveEvent eventOf(const messages::LiveDeviceRemoval& message) {
    return message;
}

LiveEvent eventOf(const messages::LiveBackfill& message) {
    return message;
}

LiveEvent eventOf(const messages::LiveSecurityEvent& message) {
    return toModel(message);
}

LiveEvent eventOf(const messages::LiveAlert& message) {
    return message.alert;
}

} // namespace

QList<LiveEvent> readEvents(const QJsonArray& events) {
    QList<LiveEvent> parsed;
    parsed.reserve(events.size());
    for (const QJsonValue value : events)
        if (const auto event = messages::readLiveEvent(value))
            parsed.push_back(std::visit([](const auto& message) { return eventOf(message); }, *event));
    return parsed;
}

} // namespace breakwater::desktop

// Cursors and the other texts that name a place or a thing: what is read is written, and read again the same.

#include "api/cursor.hpp"
#include "base/calendar.hpp"
#include "base/encoding.hpp"
#include "base/ip_address.hpp"
#include "domain/user.hpp"
#include "fuzz.hpp"
#include "telemetry/fleet_range.hpp"

#include <string>

using namespace breakwater;
using namespace breakwater::api;
using fuzz::require;

namespace {

void check(std::string_view cursor) {
    if (const auto place = reading_cursor(cursor)) {
        require(is_in_calendar(place->received_at), "a reading's place is in the calendar");
        require(reading_cursor(to_cursor(*place)) == *place, "a reading's place comes back");
    }
    if (const auto place = device_cursor(cursor)) {
        require(is_in_calendar(place->created_at), "a device's place is in the calendar");
        const auto again = device_cursor(to_cursor(*place));
        require(again && again->created_at == place->created_at && again->id == place->id,
                "a device's place comes back");
    }
    if (const auto place = event_cursor(cursor))
        require(event_cursor(event_cursor_of(*place)).value() == *place, "an event's place comes back");
    if (const auto place = alert_cursor(cursor))
        require(alert_cursor(alert_cursor_of(*place)).value() == *place, "an alert's place comes back");
    if (const auto place = delivery_cursor(cursor))
        require(delivery_cursor(delivery_cursor_of(*place)).value() == *place,
                "a delivery's place comes back");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::as_text(data, size);
    check(text);
    check(base64url_encode(as_bytes(text))); // where its bytes decode, they are reached
    if (const auto bytes = base64url_decode(text))
        require(base64url_encode(*bytes) == text, "bytes have one spelling");
    if (const auto place = telemetry::parse_export_position(text))
        require(is_in_calendar(place->reading.received_at), "an export goes on within the calendar");
    if (const auto id = uuid::parse(text))
        require(uuid::parse(id->to_string()) == *id, "a UUID comes back");
    if (const auto address = parse_ip(text))
        require(parse_ip(format_ip(*address)) == *address, "an address comes back");
    if (const auto email = normalise_email(text))
        require(normalise_email(*email) == *email && email->size() <= max_email_length,
                "an e-mail address stays");
    return 0;
}

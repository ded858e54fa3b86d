// Cursors, ids and addresses: a parsed value is written and parsed again to the same value.

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
    if (const auto position = reading_cursor(cursor)) {
        require(is_in_calendar(position->received_at), "a reading's position is in the calendar");
        require(reading_cursor(to_cursor(*position)) == *position, "a reading's position is unchanged");
    }
    if (const auto position = device_cursor(cursor)) {
        require(is_in_calendar(position->created_at), "a device's position is in the calendar");
        const auto again = device_cursor(to_cursor(*position));
        require(again && again->created_at == position->created_at && again->id == position->id,
                "a device's position is unchanged");
    }
    if (const auto position = event_cursor(cursor))
        require(event_cursor(event_cursor_of(*position)).value() == *position,
                "an event's position is unchanged");
    if (const auto position = alert_cursor(cursor))
        require(alert_cursor(alert_cursor_of(*position)).value() == *position,
                "an alert's position is unchanged");
    if (const auto position = delivery_cursor(cursor))
        require(delivery_cursor(delivery_cursor_of(*position)).value() == *position,
                "a delivery's position is unchanged");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::as_text(data, size);
    check(text);
    check(base64url_encode(as_bytes(text))); // reaches the code behind the base64 decoder
    if (const auto bytes = base64url_decode(text))
        require(base64url_encode(*bytes) == text, "bytes have one spelling");
    if (const auto position = telemetry::parse_export_position(text))
        require(is_in_calendar(position->reading.received_at), "an export's position is in the calendar");
    if (const auto id = uuid::parse(text))
        require(uuid::parse(id->to_string()) == *id, "a UUID is unchanged");
    if (const auto address = parse_ip(text))
        require(parse_ip(format_ip(*address)) == *address, "an IP address is unchanged");
    if (const auto email = normalise_email(text))
        require(normalise_email(*email) == *email && email->size() <= max_email_length,
                "a normalised e-mail address is unchanged and bounded");
    return 0;
}

#include "api/cursor.hpp"

#include "base/calendar.hpp"
#include "base/encoding.hpp"
#include "base/integer.hpp"

#include <fmt/format.h>

namespace breakwater::api {

namespace {

std::unexpected<error> bad_cursor() {
    return std::unexpected(error{.code = errc::invalid_input,
                                 .detail = "The cursor is not one that this list gave.",
                                 .fields = {{"query.cursor", "Not a cursor of this list."}}});
}

/// What follows `kind:` in the decoded cursor.
std::optional<std::string> decode(std::string_view cursor, char kind) {
    const auto bytes = base64url_decode(cursor);
    if (!bytes || bytes->size() < 3 || (*bytes)[0] != static_cast<std::uint8_t>(kind) || (*bytes)[1] != ':')
        return std::nullopt;
    return std::string{bytes->begin() + 2, bytes->end()};
}

result<std::int64_t> number_in(std::string_view cursor, char kind) {
    const auto decoded = decode(cursor, kind);
    const auto id = decoded ? parse_integer(*decoded) : std::nullopt;
    if (!id)
        return bad_cursor();
    return *id;
}

/// Microseconds since 1970, in the calendar: so that no query has to fear what it does with the time.
std::optional<timestamp> time_in(std::string_view text) {
    const auto micros = parse_integer(text);
    const timestamp at{std::chrono::microseconds{micros.value_or(0)}};
    return micros && is_in_calendar(at) ? std::optional{at} : std::nullopt;
}

std::string encode(const std::string& text) {
    return base64url_encode(as_bytes(text));
}

} // namespace

std::string to_cursor(const storage::reading_position& place) {
    return encode(fmt::format("r:{}:{}", place.received_at.time_since_epoch().count(), place.id));
}

std::string to_cursor(const storage::device_query::position& place) {
    return encode(fmt::format("d:{}:{}", place.created_at.time_since_epoch().count(), place.id.to_string()));
}

std::string event_cursor_of(event_id place) {
    return encode(fmt::format("e:{}", place));
}

std::string alert_cursor_of(std::int64_t place) {
    return encode(fmt::format("a:{}", place));
}

std::string delivery_cursor_of(std::int64_t place) {
    return encode(fmt::format("w:{}", place));
}

result<storage::reading_position> reading_cursor(std::string_view text) {
    const auto decoded = decode(text, 'r');
    const auto colon = decoded ? decoded->find(':') : std::string::npos;
    if (colon == std::string::npos)
        return bad_cursor();
    const auto at = time_in(std::string_view{*decoded}.substr(0, colon));
    const auto id = parse_integer(std::string_view{*decoded}.substr(colon + 1));
    if (!at || !id)
        return bad_cursor();
    return storage::reading_position{*at, *id};
}

result<storage::device_query::position> device_cursor(std::string_view text) {
    const auto decoded = decode(text, 'd');
    const auto colon = decoded ? decoded->find(':') : std::string::npos;
    if (colon == std::string::npos)
        return bad_cursor();
    const auto at = time_in(std::string_view{*decoded}.substr(0, colon));
    const auto id = uuid::parse(std::string_view{*decoded}.substr(colon + 1));
    if (!at || !id)
        return bad_cursor();
    return storage::device_query::position{*at, *id};
}

result<event_id> event_cursor(std::string_view text) {
    return number_in(text, 'e');
}

result<std::int64_t> alert_cursor(std::string_view text) {
    return number_in(text, 'a');
}

result<std::int64_t> delivery_cursor(std::string_view text) {
    return number_in(text, 'w');
}

} // namespace breakwater::api

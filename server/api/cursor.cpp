#include "api/cursor.hpp"

#include "base/calendar.hpp"
#include "base/encoding.hpp"
#include "base/integer.hpp"

#include <fmt/format.h>

namespace breakwater::api {

namespace {

std::unexpected<error> bad_cursor() {
    return std::unexpected(
        error{.code = errc::invalid_input,
              .detail = "The cursor is not from this list. Use the X-Next-Cursor of the previous page.",
              .fields = {{"query.cursor", "Must be a cursor of this list."}}});
}

/// The text after `kind:` in the decoded cursor.
std::optional<std::string> decode(std::string_view cursor, char kind) {
    const auto bytes = base64url_decode(cursor);
    if (!bytes || bytes->size() < 3 || (*bytes)[0] != static_cast<std::uint8_t>(kind) || (*bytes)[1] != ':')
        return std::nullopt;
    return std::string{bytes->begin() + 2, bytes->end()};
}

result<std::int64_t> parse_number(std::string_view cursor, char kind) {
    const auto decoded = decode(cursor, kind);
    const auto id = decoded ? parse_integer(*decoded) : std::nullopt;
    if (!id)
        return bad_cursor();
    return *id;
}

/// Parses microseconds since 1970. Refuses times outside the calendar, so that queries can calculate with the
/// result.
std::optional<timestamp> parse_time(std::string_view text) {
    const auto micros = parse_integer(text);
    const timestamp parsed{std::chrono::microseconds{micros.value_or(0)}};
    return micros && is_in_calendar(parsed) ? std::optional{parsed} : std::nullopt;
}

std::string encode(const std::string& text) {
    return base64url_encode(as_bytes(text));
}

} // namespace

std::string to_cursor(const storage::reading_position& position) {
    return encode(fmt::format("r:{}:{}", position.received_at.time_since_epoch().count(), position.id));
}

std::string to_cursor(const storage::device_query::position& position) {
    return encode(
        fmt::format("d:{}:{}", position.created_at.time_since_epoch().count(), position.id.to_string()));
}

std::string event_cursor_of(event_id position) {
    return encode(fmt::format("e:{}", position));
}

std::string alert_cursor_of(std::int64_t position) {
    return encode(fmt::format("a:{}", position));
}

std::string delivery_cursor_of(std::int64_t position) {
    return encode(fmt::format("w:{}", position));
}

result<storage::reading_position> reading_cursor(std::string_view text) {
    const auto decoded = decode(text, 'r');
    const auto colon = decoded ? decoded->find(':') : std::string::npos;
    if (colon == std::string::npos)
        return bad_cursor();
    const auto received_at = parse_time(std::string_view{*decoded}.substr(0, colon));
    const auto id = parse_integer(std::string_view{*decoded}.substr(colon + 1));
    if (!received_at || !id)
        return bad_cursor();
    return storage::reading_position{*received_at, *id};
}

result<storage::device_query::position> device_cursor(std::string_view text) {
    const auto decoded = decode(text, 'd');
    const auto colon = decoded ? decoded->find(':') : std::string::npos;
    if (colon == std::string::npos)
        return bad_cursor();
    const auto created_at = parse_time(std::string_view{*decoded}.substr(0, colon));
    const auto id = uuid::parse(std::string_view{*decoded}.substr(colon + 1));
    if (!created_at || !id)
        return bad_cursor();
    return storage::device_query::position{*created_at, *id};
}

result<event_id> event_cursor(std::string_view text) {
    return parse_number(text, 'e');
}

result<std::int64_t> alert_cursor(std::string_view text) {
    return parse_number(text, 'a');
}

result<std::int64_t> delivery_cursor(std::string_view text) {
    return parse_number(text, 'w');
}

} // namespace breakwater::api

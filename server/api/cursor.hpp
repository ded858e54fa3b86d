#pragma once

#include "storage/device_store.hpp"
#include "storage/reading_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::api {

// Cursors are opaque to clients: a place in an order, in URL-safe base64. Each kind has a letter of its own,
// so that one can't be taken for another. They are no secret and grant nothing: a forged one only names
// another place.

[[nodiscard]] std::string to_cursor(const storage::reading_position& place);
[[nodiscard]] std::string to_cursor(const storage::device_query::position& place);
/// Of the audit log, of alerts, or of deliveries to webhooks: places in each are numbers.
[[nodiscard]] std::string event_cursor_of(event_id place);
[[nodiscard]] std::string alert_cursor_of(std::int64_t place);
[[nodiscard]] std::string delivery_cursor_of(std::int64_t place);

/// `invalid_input` at `query.cursor` where the text isn't such a cursor.
[[nodiscard]] result<storage::reading_position> reading_cursor(std::string_view text);
[[nodiscard]] result<storage::device_query::position> device_cursor(std::string_view text);
[[nodiscard]] result<event_id> event_cursor(std::string_view text);
[[nodiscard]] result<std::int64_t> alert_cursor(std::string_view text);
[[nodiscard]] result<std::int64_t> delivery_cursor(std::string_view text);

} // namespace breakwater::api

#pragma once

#include "storage/device_store.hpp"
#include "storage/series_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater::api {

// A cursor is a position in a sorted list, in URL-safe base64, and opaque to clients. Each kind starts with
// its own letter, so that one kind is not accepted as another. Cursors are not secret and grant nothing: a
// forged cursor only names another position.

[[nodiscard]] std::string to_cursor(const storage::reading_position& position);
[[nodiscard]] std::string to_cursor(const storage::device_query::position& position);
/// For the audit log, alerts and webhook deliveries, whose positions are ids.
[[nodiscard]] std::string event_cursor_of(event_id position);
[[nodiscard]] std::string alert_cursor_of(std::int64_t position);
[[nodiscard]] std::string delivery_cursor_of(std::int64_t position);

/// `invalid_input` at `query.cursor` if the text is not a cursor of this kind.
[[nodiscard]] result<storage::reading_position> reading_cursor(std::string_view text);
[[nodiscard]] result<storage::device_query::position> device_cursor(std::string_view text);
[[nodiscard]] result<event_id> event_cursor(std::string_view text);
[[nodiscard]] result<std::int64_t> alert_cursor(std::string_view text);
[[nodiscard]] result<std::int64_t> delivery_cursor(std::string_view text);

} // namespace breakwater::api

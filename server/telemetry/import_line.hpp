#pragma once

#include "base/result.hpp"
#include "domain/reading.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace breakwater::telemetry {

inline constexpr std::size_t max_import_payload = 1'000'000; ///< bytes, as compact JSON

/// A reading to import. A line of JSON must have `payload`, and may have `device_id`, `device_timestamp`,
/// `received_at`, `simulated` and `message_id`; other members (`id`, `payload_size`) are ignored. Lines of
/// `ndjson_export` are accepted.
struct import_row {
    breakwater::reading reading; ///< device_id is set if `has_device`, received_at if `has_arrival`
    bool has_device = false;
    bool has_arrival = false;
};

/// `invalid_input` for an id that an upload may not have (domain/reading.hpp). Empty means no id.
[[nodiscard]] result<void> check_message_id(std::string_view id);

/// Parses a line. Fails with `invalid_input` or `malformed` and a description of the error.
[[nodiscard]] result<import_row> read_import_line(std::string_view line);

} // namespace breakwater::telemetry

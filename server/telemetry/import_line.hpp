#pragma once

#include "base/result.hpp"
#include "domain/reading.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace breakwater::telemetry {

inline constexpr std::size_t max_import_payload = 1'000'000; ///< bytes, as compact JSON

/// A reading as a line of JSON tells it: `payload`, which it must have, and `device_id`, `device_timestamp`,
/// `received_at`, `simulated` and `message_id`, which it may have; all else (`id`, `payload_size`) is passed
/// over. What `ndjson_export` wrote is read back.
struct import_row {
    reading what; ///< device_id only where `has_device`; received_at only where `has_arrival`
    bool has_device = false;
    bool has_arrival = false;
};

/// `invalid_input` where it is one that no upload may have (domain/reading.hpp); empty is none.
[[nodiscard]] result<void> check_message_id(std::string_view id);

/// `invalid_input` or `malformed` with a sentence that says what is wrong with the line.
[[nodiscard]] result<import_row> read_import_line(std::string_view line);

} // namespace breakwater::telemetry

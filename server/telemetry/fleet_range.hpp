#pragma once

#include "base/result.hpp"
#include "storage/series_store.hpp"
#include "telemetry/reading_range.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace breakwater::telemetry {

/// Where an export resumes: after this reading of this device.
struct export_position {
    device_id device;
    storage::reading_position reading;
};

/// Parses `DEVICE/RECEIVED_AT/ID`, the values of the last complete line of an export. Nothing if the text is
/// malformed.
[[nodiscard]] std::optional<export_position> parse_export_position(std::string_view text);

/// A page of one device's readings after a position, oldest first.
using device_pages = std::function<result<std::vector<reading>>(
    const storage::reading_filter& filter, std::optional<storage::reading_position> after)>;

/// Reads the readings of several devices, one device after the other. Each pass (`after` is nothing) starts
/// at the first device, or after `from`. `filter` applies to every device; its `device_id` is set here.
/// `invalid_input` if the device of `from` is not in `devices`.
[[nodiscard]] result<page_source> fleet_range(std::vector<device_id> devices, storage::reading_filter filter,
                                              std::optional<export_position> from, device_pages pages);

} // namespace breakwater::telemetry

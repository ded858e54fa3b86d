#pragma once

#include "base/result.hpp"
#include "storage/reading_store.hpp"
#include "telemetry/reading_range.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace breakwater::telemetry {

/// Where an export goes on: behind this reading of this device.
struct export_position {
    device_id device;
    storage::reading_position reading;
};

/// `DEVICE/RECEIVED_AT/ID`, as the last whole line of an export tells them: nothing where the text is none.
[[nodiscard]] std::optional<export_position> parse_export_position(std::string_view text);

/// A page of one device's readings behind a position, oldest first.
using device_pages = std::function<result<std::vector<reading>>(
    const storage::reading_filter& filter, std::optional<storage::reading_position> after)>;

/// The readings of some devices, one device after the other. An export that begins anew (`after` is nothing)
/// begins at the first again, or behind `from`. `filter` is for all of them, its device is set here.
/// `invalid_input` where `from` is of none of the devices.
[[nodiscard]] result<page_source> fleet_range(std::vector<device_id> devices, storage::reading_filter filter,
                                              std::optional<export_position> from, device_pages pages);

} // namespace breakwater::telemetry

#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace breakwater {

inline constexpr std::size_t max_message_id_length = 64; ///< characters

/// What the store did with an appended reading.
enum class append_outcome : std::uint8_t {
    none,      ///< not appended
    stored,    ///< under the new id
    repeated,  ///< the reading was stored before; its members are the stored values
    no_device, ///< not stored, because its device does not exist
    elsewhere, ///< not stored, because another server process owns the device
};

/// One message from a device.
struct reading {
    reading_id id = 0; ///< assigned by the store, and meaningless before
    breakwater::device_id device_id;
    std::optional<timestamp> device_timestamp{}; ///< from the device's clock, not checked
    timestamp received_at{};
    std::string payload{}; ///< a compact JSON object in its original spelling
    bool simulated = false;
    /// Chosen by the sender, so that a retry is not stored twice; empty: none.
    std::string message_id{};
    append_outcome outcome = append_outcome::none; ///< set by the store, not stored
    /// Set on arrival, not stored: a batch brought the reading at least one interval after it was measured.
    bool late = false;
};

/// The best estimate of the time of measurement: `device_timestamp`, unless it is missing or implausible
/// (before 2000: the clock was never set; or more than five minutes after `received_at`); then `received_at`.
[[nodiscard]] timestamp measured_at(const breakwater::reading& reading) noexcept;
[[nodiscard]] timestamp measured_at(const std::optional<timestamp>& device_timestamp,
                                    timestamp received_at) noexcept;

} // namespace breakwater

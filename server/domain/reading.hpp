#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace breakwater {

inline constexpr std::size_t max_message_id_length = 64; ///< characters

/// What a device said once.
struct reading {
    reading_id id = 0; ///< given by the store
    breakwater::device_id device_id;
    std::optional<timestamp> device_timestamp{}; ///< the device's own clock, unchecked
    timestamp received_at{};
    std::string payload{}; ///< a JSON object, compact, spelled as it came
    bool simulated = false;
    /// The sender's own name for it, so that sending it again does no harm; empty: none.
    std::string message_id{};
    bool repeated = false; ///< set by the store: it was there already, and all else is as it was then
};

/// When the reading was taken, as far as one can tell: by the device's clock, unless what that says can't be
/// (before 2000: a clock that was never set; more than five minutes after the arrival), else when it arrived.
[[nodiscard]] timestamp measured_at(const reading& what) noexcept;
[[nodiscard]] timestamp measured_at(const std::optional<timestamp>& device_timestamp,
                                    timestamp received_at) noexcept;

} // namespace breakwater

#pragma once

#include "base/result.hpp"
#include "domain/latest.hpp"
#include "domain/reading.hpp"
#include "storage/blocks/payload_values.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace breakwater::storage::blocks {

/// Limit of fields per device and kind (real or simulated). Further fields are ignored.
inline constexpr std::size_t max_latest_fields = 256;

/// The latest plausible time of measurement at the time `now`: a device's clock may be five minutes ahead.
/// Later values were stored while the server's clock was wrong.
[[nodiscard]] constexpr timestamp latest_plausible_time(timestamp now) noexcept {
    return now + std::chrono::minutes{5};
}

/// The last value of each field of one device, separately for real and simulated readings: the value measured
/// last, and among values of the same time the one received last. A value measured after `latest_plausible`
/// counts only if the field has no other value.
class latest_values {
public:
    /// `reader` is scratch space: pass the same one to many calls.
    void add(const reading& added, payload_values& reader, timestamp latest_plausible);
    void merge(const latest_values& other, timestamp latest_plausible);

    [[nodiscard]] const latest_fields& fields(bool simulated) const noexcept {
        return kinds_[simulated ? 1 : 0];
    }

    /// Approximate memory use.
    [[nodiscard]] std::size_t bytes() const noexcept;

    [[nodiscard]] std::string write() const;
    /// `malformed` if the bytes are damaged or come from a newer version.
    [[nodiscard]] static result<latest_values> read(std::string_view bytes);

private:
    static void put(latest_fields& target, const std::string& name, std::string_view value, timestamp at,
                    timestamp latest_plausible);

    std::array<latest_fields, 2> kinds_; ///< real, simulated
};

} // namespace breakwater::storage::blocks

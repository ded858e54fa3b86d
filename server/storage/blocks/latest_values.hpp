#pragma once

#include "base/result.hpp"
#include "domain/reading.hpp"
#include "storage/blocks/payload_values.hpp"
#include "storage/latest.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace breakwater::storage::blocks {

/// Fields that are remembered of a device; what more it thinks of isn't.
inline constexpr std::size_t max_latest_fields = 256;

/// Until when a value can have been measured, seen from `now`: as far ahead as a device's clock may be. What
/// is beyond was stored while the server's clock was wrong.
[[nodiscard]] constexpr timestamp believed_until(timestamp now) noexcept {
    return now + std::chrono::minutes{5};
}

/// The last value of every field of one device, of its own readings and of simulated ones: the one that was
/// measured last, or came last of several of that time. One of times that are to come, which is beyond
/// `believed`, counts where nothing else is known of its field.
class latest_values {
public:
    /// `reader` is there to be used again.
    void add(const reading& from, payload_values& reader, timestamp believed);
    void merge(const latest_values& other, timestamp believed);

    [[nodiscard]] const latest_fields& of(bool simulated) const noexcept { return kinds_[simulated ? 1 : 0]; }

    /// About what it takes in memory.
    [[nodiscard]] std::size_t bytes() const noexcept;

    [[nodiscard]] std::string write() const;
    /// `malformed` where the bytes are damaged or come from a newer version.
    [[nodiscard]] static result<latest_values> read(std::string_view bytes);

private:
    static void put(latest_fields& to, const std::string& name, std::string_view value, timestamp at,
                    timestamp believed);

    std::array<latest_fields, 2> kinds_;
};

} // namespace breakwater::storage::blocks

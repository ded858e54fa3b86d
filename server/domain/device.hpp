#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/category.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater {

/// A deleted device has no status: its row is deleted.
enum class device_status : std::uint8_t { active, blocked };

[[nodiscard]] std::string_view to_string(device_status value) noexcept;
[[nodiscard]] std::optional<device_status> parse_device_status(std::string_view text) noexcept;

/// The rank of the person or rule that blocked a device.
enum class block_author : std::uint8_t { owner, rule, administrator };

[[nodiscard]] std::string_view to_string(block_author value) noexcept;

/// Why a device is blocked, and who may release it. An administrator may always release it. The owner may
/// release it in two cases: the owner blocked it, or a rule blocked it and that rule permits this.
/// `owner_may_release` is true in both cases.
struct device_block {
    block_author author = block_author::administrator;
    bool owner_may_release = false;
    user_id user = 0;     ///< the person; 0: a rule, a command of the server's program, or unknown
    std::string name{};   ///< the person's e-mail address or the rule's name at that time; empty: unknown
    std::string reason{}; ///< a sentence; empty: no reason was given
    timestamp at{};
    std::optional<std::int64_t> alert{}; ///< the alert of the rule that blocked it
};

struct device {
    device_id id;
    user_id owner = 0;
    std::string name{}; ///< 3–100 characters
    breakwater::category category = breakwater::category::weather_station;
    device_status status = device_status::active;
    std::int64_t token_version = 1; ///< incremented by each rotation, invalidation and block
    timestamp created_at{};
    timestamp updated_at{};
    std::optional<timestamp> deactivated_at{}; ///< the time of the last block or token invalidation
    /// The simulator sends its readings. When the device itself signs in, this becomes false for good.
    bool simulated = false;
    std::optional<timestamp> signed_in_at{};     ///< the time of the first sign-in
    std::optional<timestamp> first_reading_at{}; ///< the time of the first real reading; set by the store
    std::optional<device_block> block{};         ///< set if the device is blocked

    /// Whether the physical device has connected. A real device is never simulated again.
    [[nodiscard]] bool is_real() const noexcept { return signed_in_at || first_reading_at; }
    /// Whether it is not simulated and has sent no real reading. Readings of the simulator do not count.
    [[nodiscard]] bool never_heard() const noexcept { return !simulated && !first_reading_at; }
    /// Whether its owner may release it, even if the owner is no administrator.
    [[nodiscard]] bool owner_may_release() const noexcept { return block && block->owner_may_release; }
};

inline constexpr std::size_t min_device_name_length = 3;
inline constexpr std::size_t max_device_name_length = 100;
inline constexpr std::size_t max_block_reason_length = 200; ///< characters

} // namespace breakwater

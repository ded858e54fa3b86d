#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "domain/category.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace breakwater {

/// A deleted device has no state: its row is gone.
enum class device_status : std::uint8_t { active, blocked };

[[nodiscard]] std::string_view to_string(device_status value) noexcept;
[[nodiscard]] std::optional<device_status> parse_device_status(std::string_view text) noexcept;

struct device {
    device_id id;
    user_id owner = 0;
    std::string name{}; ///< 3–100 characters
    breakwater::category category = breakwater::category::weather_station;
    device_status status = device_status::active;
    std::string secret_hash{};      ///< crypt(5) text; never leaves the server
    std::int64_t token_version = 1; ///< goes up with each rotation, invalidation and block
    timestamp created_at{};
    timestamp updated_at{};
    std::optional<timestamp>
        deactivated_at{}; ///< when it was last blocked or its tokens were last invalidated
};

inline constexpr std::size_t min_device_name_length = 3;
inline constexpr std::size_t max_device_name_length = 100;

} // namespace breakwater
